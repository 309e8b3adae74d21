using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Tests.Conformance.Kernel;

/// <summary>Binds the calling thread to one CPU; disposing gives it back the CPUs it had.</summary>
internal sealed partial class CpuPinning : IDisposable
{
    private const int MaskWords = 16;
    private readonly ulong[] _before = new ulong[MaskWords];

    public CpuPinning(int cpu)
    {
        if (sched_getaffinity(0, MaskWords * 8, _before) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        Move(cpu);
    }

    /// <summary>Binds the thread to another CPU.</summary>
    public static void Move(int cpu)
    {
        ulong[] mask = new ulong[MaskWords];
        mask[cpu / 64] = 1UL << (cpu % 64);
        Set(mask);
    }

    /// <inheritdoc/>
    public void Dispose() => Set(_before);

    private static void Set(ulong[] mask)
    {
        if (sched_setaffinity(0, MaskWords * 8, mask) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_setaffinity(int processId, nuint size, [In] ulong[] mask);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_getaffinity(int processId, nuint size, [Out] ulong[] mask);
}
