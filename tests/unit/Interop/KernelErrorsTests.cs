using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Interop;

/// <summary>The remedy for a refusal depends on what the process lacks and what confines it.</summary>
public sealed class KernelErrorsTests
{
    private const ulong Bpf = 1UL << 39;
    private const ulong Perfmon = 1UL << 38;
    private const ulong NetAdmin = 1UL << 12;
    private const ulong SysAdmin = 1UL << 21;

    [Theory]
    [InlineData(0, ProcessConfinement.None, "lacks CAP_BPF, CAP_PERFMON (for tracing programs), CAP_NET_ADMIN (for network programs): run as root or grant them, or")]
    [InlineData(Bpf, ProcessConfinement.None, "lacks CAP_PERFMON (for tracing programs), CAP_NET_ADMIN")]
    [InlineData(Bpf | NetAdmin, ProcessConfinement.None, "lacks CAP_PERFMON (for tracing programs): run as root")]
    [InlineData(Bpf | NetAdmin | Perfmon, ProcessConfinement.None, "may need CAP_SYS_ADMIN")]
    [InlineData(SysAdmin, ProcessConfinement.None, "it is the kernel that refuses")]
    [InlineData(SysAdmin, ProcessConfinement.SeccompFilter, "or the seccomp filter")]
    [InlineData(0, ProcessConfinement.SeccompFilter, "a container wants them from its engine")]
    [InlineData(Bpf | NetAdmin | Perfmon, ProcessConfinement.SeccompFilter, "refuses bpf(2) without CAP_SYS_ADMIN: use a profile")]
    [InlineData(Bpf, ProcessConfinement.SeccompFilter, "or add CAP_SYS_ADMIN. It lacks CAP_PERFMON")]
    [InlineData(Bpf | SysAdmin, ProcessConfinement.UserNamespace, "capabilities do not count")]
    public void Refusal_names_what_is_missing(ulong capabilities, ProcessConfinement confinement, string part)
    {
        var kernel = new FakeKernel { Capabilities = capabilities, Confinement = confinement };
        BpfException refused = KernelErrors.Create(-(int)BpfErrno.EPERM, kernel, "making a map");
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.Contains("making a map failed: EPERM", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_capabilities_are_not_called_missing() =>
        Assert.StartsWith("Run as root", KernelErrors.Remedy(BpfErrno.EPERM, new FakeKernel()), StringComparison.Ordinal);

    [Theory]
    [InlineData(ProcessConfinement.None, "CONFIG_BPF_SYSCALL")]
    [InlineData(ProcessConfinement.SeccompFilter, "seccomp filter")]
    public void A_missing_call_is_the_kernels_or_the_filters(ProcessConfinement confinement, string part) =>
        Assert.Contains(part, KernelErrors.Remedy(BpfErrno.ENOSYS, new FakeKernel { Confinement = confinement }), StringComparison.Ordinal);
}
