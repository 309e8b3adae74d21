using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Attach;

/// <summary>What refused attachments say: the target, who is in the way, the capability that is missing, the kernel that has it.</summary>
public sealed class AttachErrorTests
{
    private const ulong CapNetAdmin = 1UL << 12, CapPerfmon = 1UL << 38, CapBpf = 1UL << 39, CapSysAdmin = 1UL << 21;

    [Theory]
    [InlineData(BpfProgramType.Xdp, CapBpf | CapPerfmon, "CAP_NET_ADMIN")]
    [InlineData(BpfProgramType.SchedCls, CapBpf, "CAP_NET_ADMIN")]
    [InlineData(BpfProgramType.RawTracepoint, CapBpf | CapNetAdmin, "CAP_PERFMON")]
    public void Missing_capability_is_named(BpfProgramType type, ulong held, string missing)
    {
        BpfException e = Refused(new RecordingKernel { Answer = _ => -(int)BpfErrno.EPERM, Capabilities = held }, type);
        Assert.Equal(BpfErrno.EPERM, e.Errno);
        Assert.Contains($"lacks {missing}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BpfProgramType.Xdp)]
    [InlineData(BpfProgramType.RawTracepoint)]
    public void Root_is_not_told_of_capabilities(BpfProgramType type) =>
        Assert.DoesNotContain("lacks", Refused(new RecordingKernel { Answer = _ => -(int)BpfErrno.EPERM, Capabilities = CapSysAdmin | CapBpf | CapNetAdmin | CapPerfmon }, type).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(7u, 0u, "native")]
    [InlineData(0u, 7u, "generic")]
    public void Busy_interface_says_by_whom(uint native, uint generic, string mode)
    {
        BpfException e = Refused(new RecordingKernel { Answer = command => command == BpfCommand.LinkCreate ? -(int)BpfErrno.EBUSY : -(int)BpfErrno.EPERM, Xdp = new(native, generic, 0) }, BpfProgramType.Xdp);
        Assert.Equal(BpfErrno.EBUSY, e.Errno);
        Assert.Contains("rogram id 7", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{mode} mode", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BpfProgramType.Xdp, "5.8", "5.9")]
    [InlineData(BpfProgramType.SchedCls, "6.5", "6.6")]
    public void Older_kernel_is_told_the_version_that_has_it(BpfProgramType type, string release, string needed)
    {
        BpfException e = Refused(new RecordingKernel { Answer = _ => -(int)BpfErrno.EINVAL, Release = Version.Parse(release) }, type);
        Assert.Equal(Version.Parse(needed), Assert.IsType<BpfUnsupportedFeatureException>(e).MinimumKernel);
        Assert.Contains("interface 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cookie_that_an_older_kernel_does_not_take_is_told_the_version_that_does()
    {
        var kernel = new RecordingKernel { Answer = _ => -(int)BpfErrno.EINVAL, Release = new(6, 9) };
        using var program = new BpfProgram(new KernelHandle(kernel, 9, "program 'p'"), "p", "", BpfProgramType.RawTracepoint, 0);
        BpfUnsupportedFeatureException old = Assert.Throws<BpfUnsupportedFeatureException>(() => new BpfRawTracepointProgram(program).Attach("sys_enter", cookie: 1));
        Assert.Equal(new Version(6, 10), old.MinimumKernel);
        Assert.Contains("'sys_enter'", old.Message, StringComparison.Ordinal);
        Assert.IsNotType<BpfUnsupportedFeatureException>(Assert.Throws<BpfException>(() => new BpfRawTracepointProgram(program).Attach("sys_enter")));
    }

    [Theory]
    [InlineData(BpfErrno.EOPNOTSUPP, "Generic")]
    [InlineData(BpfErrno.EINVAL, "no interface of this index")]
    [InlineData(BpfErrno.ERANGE, "xdp.frags")]
    public void Xdp_refusals_have_remedies(BpfErrno errno, string remedy) =>
        Assert.Contains(remedy, Refused(new RecordingKernel { Answer = _ => -(int)errno }, BpfProgramType.Xdp).Message, StringComparison.Ordinal);

    [Fact]
    public void Emulated_older_kernel_refuses_what_it_lacks()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { Release = new(6, 1) });
        kernel.CreateInterface("eth0");
        using BpfProgram program = Load(kernel, BpfProgramType.SchedCls);
        Assert.Equal(new Version(6, 6), Assert.Throws<BpfUnsupportedFeatureException>(() => new BpfTcProgram(program).AttachTcx("eth0", BpfTcDirection.Ingress)).MinimumKernel);
        Assert.Equal(BpfErrno.EINVAL, Assert.Throws<BpfException>(() => new BpfXdpProgram(Load(kernel, BpfProgramType.Xdp)).Attach(99)).Errno);
    }

    [Fact]
    public void Names_of_occupants_are_told()
    {
        using var kernel = new EmulatedKernel();
        int index = kernel.CreateInterface("eth0");
        using BpfProgram program = Load(kernel, BpfProgramType.Xdp);
        using BpfLink link = new BpfXdpProgram(program).Attach(index);
        BpfException busy = Assert.Throws<BpfException>(() => new BpfXdpProgram(program).Attach("eth0"));
        Assert.Contains("attached to the interface already", busy.Message, StringComparison.Ordinal);
    }

    private static BpfException Refused(FakeKernel kernel, BpfProgramType type)
    {
        using var program = new BpfProgram(new KernelHandle(kernel, 9, "program 'p'"), "p", "", type, 0);
        return Assert.ThrowsAny<BpfException>(() => type switch
        {
            BpfProgramType.Xdp => new BpfXdpProgram(program).Attach("eth0"),
            BpfProgramType.SchedCls => new BpfTcProgram(program).AttachTcx("eth0", BpfTcDirection.Ingress),
            _ => new BpfRawTracepointProgram(program).Attach("sys_enter"),
        });
    }

    private static BpfProgram Load(EmulatedKernel kernel, BpfProgramType type) =>
        BpfProgram.Load(kernel, type, new BpfAssembler().Mov(BpfRegister.R0, 2).Exit().Build(), new BpfProgramLoadOptions { Name = "p" });
}
