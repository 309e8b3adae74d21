using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

public sealed class KernelChooserTests
{
    [Fact]
    public void Variable_is_read()
    {
        Assert.Null(KernelChooser.ParseVariable(null));
        Assert.Null(KernelChooser.ParseVariable(""));
        Assert.Equal(BpfKernelPreference.Linux, KernelChooser.ParseVariable("linux"));
        Assert.Equal(BpfKernelPreference.Emulator, KernelChooser.ParseVariable(" Emulator "));
        BpfException wrong = Assert.Throws<BpfException>(() => KernelChooser.ParseVariable("windows"));
        Assert.Contains("'linux' or 'emulator'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_Linux_the_emulator_is_taken_as_a_fallback()
    {
        var emulator = new RefusingKernel(emulated: true);
        BpfKernelSelection selection = KernelChooser.Choose(BpfKernelPreference.Automatic, "test", null, () => emulator);
        Assert.Same(emulator, selection.Kernel);
        Assert.True(selection.IsFallback);
        Assert.Contains("not Linux", selection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_Linux_a_demand_for_Linux_throws() =>
        Assert.Contains("not Linux", Assert.Throws<BpfException>(() => KernelChooser.Choose(BpfKernelPreference.Linux, "test", null, () => new RefusingKernel(true))).Message, StringComparison.Ordinal);

    [Fact]
    public void Linux_that_refuses_maps_gives_way_with_the_capability_named()
    {
        var linux = new RefusingKernel(emulated: false);
        BpfKernelSelection selection = KernelChooser.Choose(BpfKernelPreference.Automatic, "test", linux, () => new RefusingKernel(true));
        Assert.True(selection.Kernel.IsEmulated);
        Assert.True(selection.IsFallback);
        Assert.Contains("making a map (EPERM)", selection.Reason, StringComparison.Ordinal);
        Assert.Contains("CAP_BPF", selection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Linux_that_allows_maps_and_socket_filters_only_gives_way()
    {
        var linux = new RefusingKernel(emulated: false) { AllowMaps = true, Allowed = [BpfProgramType.SocketFilter] };
        BpfKernelSelection selection = KernelChooser.Choose(BpfKernelPreference.Automatic, "test", linux, () => new RefusingKernel(true));
        Assert.True(selection.IsFallback);
        Assert.Contains("loading an XDP", selection.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BpfProgramType.Xdp)]
    [InlineData(BpfProgramType.SchedCls)]
    [InlineData(BpfProgramType.Tracepoint)]
    public void Linux_that_loads_one_of_three_kinds_is_taken(BpfProgramType type)
    {
        var linux = new RefusingKernel(emulated: false) { AllowMaps = true, Allowed = [type] };
        BpfKernelSelection selection = KernelChooser.Choose(BpfKernelPreference.Automatic, "test", linux, null);
        Assert.Same(linux, selection.Kernel);
        Assert.False(selection.IsFallback);
        Assert.Equal(linux.Opened, linux.Closed);
    }

    [Fact]
    public void Demanded_Linux_that_refuses_throws_and_never_falls_back()
    {
        BpfException refused = Assert.Throws<BpfException>(() =>
            KernelChooser.Choose(BpfKernelPreference.Linux, "LIBBPFSHARP_KERNEL=linux", new RefusingKernel(false), () => throw new InvalidOperationException("must not be made")));
        Assert.Equal(BpfErrno.EPERM, refused.Errno);
        Assert.Contains("CAP_BPF", refused.Message, StringComparison.Ordinal);
        Assert.Contains("LIBBPFSHARP_KERNEL=linux", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_emulator_a_refusal_throws() =>
        Assert.Contains("LibbpfSharp.Emulator.Enabled", Assert.Throws<BpfException>(() => KernelChooser.Choose(BpfKernelPreference.Automatic, "test", new RefusingKernel(false), null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Demanded_emulator_is_no_fallback()
    {
        BpfKernelSelection selection = KernelChooser.Choose(BpfKernelPreference.Emulator, "test", null, () => new RefusingKernel(true));
        Assert.False(selection.IsFallback);
        Assert.Throws<BpfException>(() => KernelChooser.Choose(BpfKernelPreference.Emulator, "test", null, null));
    }

    [Theory]
    [InlineData(0, BpfFeatureSupport.Supported)]
    [InlineData(5, BpfFeatureSupport.Supported)]
    [InlineData(-1, BpfFeatureSupport.NotPermitted)]
    [InlineData(-13, BpfFeatureSupport.NotPermitted)]
    [InlineData(-38, BpfFeatureSupport.NotPermitted)]
    [InlineData(-22, BpfFeatureSupport.Unsupported)]
    [InlineData(-524, BpfFeatureSupport.Unsupported)]
    public void Probe_has_three_answers(int result, BpfFeatureSupport support) => Assert.Equal(support, KernelProbes.Answer("x", result).Support);
}
