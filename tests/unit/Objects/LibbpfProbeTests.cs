using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

public sealed class LibbpfProbeTests
{
    [Fact]
    public void A_path_that_leads_nowhere_is_named_with_the_remedy()
    {
        LibbpfProbe probe = LibbpfLibrary.Probe("/nonexistent/libbpf.so.1");
        Assert.Equal(0, probe.Handle);
        Assert.NotNull(probe.Reason);
        if (!OperatingSystem.IsLinux() || NativeLibraries.DenyAll)
            return;
        Assert.Contains("/nonexistent/libbpf.so.1", probe.Reason, StringComparison.Ordinal);
        Assert.Contains("LIBBPFSHARP_LIBBPF", probe.Reason, StringComparison.Ordinal);
        Assert.Contains("apt-get install libbpf1", probe.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        LibbpfProbe probe = LibbpfLibrary.Probe(typeof(LibbpfProbeTests).Assembly.Location);
        Assert.Equal(0, probe.Handle);
        Assert.NotNull(probe.Reason);
    }

    [Fact]
    public void Another_library_is_refused()
    {
        if (!OperatingSystem.IsLinux() || NativeLibraries.DenyAll)
            return;
        Assert.Contains("is not libbpf", LibbpfLibrary.Probe("libc.so.6").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void State_is_consistent()
    {
        Assert.Equal(Libbpf.IsSupported, Libbpf.NotSupportedReason is null);
        if (Libbpf.IsSupported)
            Assert.Equal(1, Libbpf.Version!.Major);
    }
}
