using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Interop;

/// <summary>The one place where -errno becomes an exception.</summary>
internal static class KernelErrors
{
    private const int CapNetAdmin = 12;
    private const int CapSysAdmin = 21;
    private const int CapPerfmon = 38;
    private const int CapBpf = 39;

    /// <summary>The end of a remedy: the emulator, unless the program was built without it.</summary>
    private static string OrEmulator =>
        AppContext.TryGetSwitch("LibbpfSharp.Emulator.Enabled", out bool enabled) && !enabled ? "." : ", or set LIBBPFSHARP_KERNEL=emulator to run without a kernel.";

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

    /// <summary>The exception for a feature that the kernel is too old for; null if it is not, or if that is not known.</summary>
    public static BpfUnsupportedFeatureException? TooOld(IBpfKernel kernel, Version? since, string feature, string subject, BpfErrno errno) =>
        since > kernel.Facts.Release ? new BpfUnsupportedFeatureException(feature, since, kernel.Name, subject, errno) : null;

    /// <summary>What to do about an errno that means the same wherever it comes from; null for the others.</summary>
    public static string? Remedy(BpfErrno errno, IBpfKernel kernel) => errno switch
    {
        BpfErrno.EPERM => MissingPrivilege(kernel),
        BpfErrno.ENOSYS => kernel.Facts.Confinement.HasFlag(ProcessConfinement.SeccompFilter)
            ? "The seccomp filter that this process runs under hides bpf(2) or perf_event_open(2), or the kernel has none: use a profile that allows bpf and perf_event_open (--security-opt seccomp=...)" + OrEmulator
            : "This kernel has no bpf(2) or no perf_event_open(2): use one that is built with CONFIG_BPF_SYSCALL and CONFIG_PERF_EVENTS" + OrEmulator,
        BpfErrno.EMFILE => "Dispose of maps, programs and links no longer needed, or raise 'ulimit -n'.",
        BpfErrno.ENOMEM => "The kernel had no memory for it: smaller max_entries, or a larger memory limit of the cgroup.",
        _ => null,
    };

    private static string MissingPrivilege(IBpfKernel kernel)
    {
        if (kernel.IsEmulated)
            return "The emulated kernel refuses what Linux refuses here.";
        ProcessConfinement confinement = kernel.Facts.Confinement;
        if (confinement.HasFlag(ProcessConfinement.UserNamespace))
            return "This process is in a user namespace (a rootless container, or unshare -U), where its capabilities do not count for bpf(2): run it in the host's first user namespace as root or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN" + OrEmulator;
        if (kernel.Facts.EffectiveCapabilities is not { } caps)
            return "Run as root, or give the process CAP_BPF (and CAP_PERFMON for tracing, CAP_NET_ADMIN for networking).";
        bool filtered = confinement.HasFlag(ProcessConfinement.SeccompFilter);
        if (Has(caps, CapSysAdmin))
        {
            return "This process has CAP_SYS_ADMIN, so it is the kernel that refuses: a frozen or read-only map, a program type or helper that its policy (lockdown, LSM) forbids"
                + (filtered ? ", or the seccomp filter that this process runs under." : ".");
        }

        var missing = new List<string>(3);
        if (!Has(caps, CapBpf))
            missing.Add("CAP_BPF");
        if (!Has(caps, CapPerfmon))
            missing.Add("CAP_PERFMON (for tracing programs)");
        if (!Has(caps, CapNetAdmin))
            missing.Add("CAP_NET_ADMIN (for network programs)");
        if (missing.Count == 0 || (filtered && Has(caps, CapBpf)))
        {
            string lacking = missing.Count == 0 ? "" : $" It lacks {string.Join(", ", missing)}.";
            return filtered
                ? $"This process has CAP_BPF but runs under a seccomp filter, and the default profile of container engines refuses bpf(2) without CAP_SYS_ADMIN: use a profile that allows bpf and perf_event_open (--security-opt seccomp=...), or add CAP_SYS_ADMIN.{lacking}"
                : "This process has CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; what was asked for may need CAP_SYS_ADMIN.";
        }

        string profile = filtered ? " (a container wants them from its engine, with a seccomp profile that allows bpf, or with CAP_SYS_ADMIN)" : "";
        return $"This process lacks {string.Join(", ", missing)}: run as root or grant them{profile}{OrEmulator}";
    }

    private static bool Has(ulong caps, int capability) => (caps >> capability & 1) != 0;
}
