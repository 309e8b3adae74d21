using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// Counts and times the runs of all programs of a kernel while it is open (BPF_ENABLE_STATS, 5.8): see
/// <see cref="BpfProgramInfo.RunCount"/> and <see cref="BpfProgramInfo.RunTime"/>. It costs some ten nanoseconds a run.
/// </summary>
public sealed class BpfRunStatistics : IDisposable
{
    private readonly KernelHandle _handle;

    private BpfRunStatistics(KernelHandle handle) => _handle = handle;

    /// <summary>Switches the statistics on until the result is disposed of; they stay on while anybody has them on.</summary>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The switch, owned by the caller.</returns>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel has no such switch (before 5.8): sysctl kernel.bpf_stats_enabled=1 does it there.</exception>
    /// <exception cref="BpfException">A privilege is missing (CAP_SYS_ADMIN).</exception>
    public static BpfRunStatistics Enable(IBpfKernel? kernel = null)
    {
        const uint RunTime = 0;
        kernel ??= BpfKernel.Default;
        BpfAttr attr = default;
        attr.enable_stats.type = RunTime;
        int fd = kernel.Bpf(BpfCommand.EnableStats, ref attr, BpfAttr.ByteSize);
        if (fd == -(int)BpfErrno.EINVAL)
            throw new BpfUnsupportedFeatureException("switching run statistics on by bpf(2)", new Version(5, 8), kernel.Name);
        KernelErrors.Check(fd, kernel, "BPF_ENABLE_STATS", null, fd == -(int)BpfErrno.EPERM ? "Run statistics need CAP_SYS_ADMIN." : null);
        return new BpfRunStatistics(new KernelHandle(kernel, fd, "run statistics"));
    }

    /// <summary>Switches them off, unless somebody else has them on.</summary>
    public void Dispose() => _handle.Dispose();
}
