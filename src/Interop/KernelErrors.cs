using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Interop;

/// <summary>The one place where -errno becomes an exception.</summary>
internal static class KernelErrors
{
    private const int CapNetAdmin = 12;
    private const int CapSysAdmin = 21;
    private const int CapPerfmon = 38;
    private const int CapBpf = 39;

    /// <summary>Returns <paramref name="result"/> or throws if it is -errno.</summary>
    public static int Check(int result, IBpfKernel kernel, string operation, string? subject = null, string? remedy = null)
    {
        if (result < 0)
            Throw(result, kernel, operation, subject, remedy);
        return result;
    }

    /// <summary>Throws for a -errno.</summary>
    [DoesNotReturn]
    public static void Throw(int result, IBpfKernel kernel, string operation, string? subject = null, string? remedy = null) =>
        throw Create(result, kernel, operation, subject, remedy);

    /// <summary>Makes the exception for a -errno.</summary>
    public static BpfException Create(int result, IBpfKernel kernel, string operation, string? subject = null, string? remedy = null)
    {
        var errno = (BpfErrno)(-result);
        return new BpfException(errno, operation, subject, remedy ?? Remedy(errno, kernel));
    }

    /// <summary>What to do about an errno that means the same wherever it comes from; null for the others.</summary>
    public static string? Remedy(BpfErrno errno, IBpfKernel kernel) => errno switch
    {
        BpfErrno.EPERM => MissingPrivilege(kernel),
        BpfErrno.ENOSYS => "This system has no bpf(2), or a seccomp profile hides it: allow it, or set LIBBPFSHARP_KERNEL=emulator.",
        BpfErrno.EMFILE => "Dispose of maps, programs and links no longer needed, or raise 'ulimit -n'.",
        BpfErrno.ENOMEM => "The kernel had no memory for it: smaller max_entries, or a larger memory limit of the cgroup.",
        _ => null,
    };

    private static string MissingPrivilege(IBpfKernel kernel)
    {
        if (kernel.IsEmulated)
            return "The emulated kernel refuses what Linux refuses here.";
        if (kernel.Facts.EffectiveCapabilities is not { } caps)
            return "Run as root, or give the process CAP_BPF (and CAP_PERFMON for tracing, CAP_NET_ADMIN for networking).";
        if (Has(caps, CapSysAdmin))
            return "This process has CAP_SYS_ADMIN, so it is the kernel that refuses: a frozen or read-only map, a program type or helper that its policy (lockdown, LSM, seccomp) forbids.";
        var missing = new List<string>(3);
        if (!Has(caps, CapBpf))
            missing.Add("CAP_BPF");
        if (!Has(caps, CapPerfmon))
            missing.Add("CAP_PERFMON (for tracing programs)");
        if (!Has(caps, CapNetAdmin))
            missing.Add("CAP_NET_ADMIN (for network programs)");
        return missing.Count == 0
            ? "This process has CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; what was asked for may need CAP_SYS_ADMIN."
            : $"This process lacks {string.Join(", ", missing)}: run as root or grant them, or set LIBBPFSHARP_KERNEL=emulator to run without a kernel.";
    }

    private static bool Has(ulong caps, int capability) => (caps >> capability & 1) != 0;
}
