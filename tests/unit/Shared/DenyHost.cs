using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Shared;

/// <summary>With LIBBPFSHARP_TEST_DENY_HOST=1 the assembly runs as it would off Linux: no libc, no libbpf, no /proc, no /sys.</summary>
internal static class DenyHost
{
    [ModuleInitializer]
    internal static void Apply()
    {
        NativeLibraries.DenyAll = TestSettings.DenyHost;
        HostFiles.DenyAll = TestSettings.DenyHost;
    }
}
