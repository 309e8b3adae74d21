using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Doctor;

/// <summary>What a kernel and its host offer to this process.</summary>
internal sealed class HostReport
{
    // Number and name of the capabilities that bpf(2) asks for (capabilities(7)).
    private static readonly (int Number, string Name, string Use)[] s_capabilities =
    [
        (39, "CAP_BPF", "maps and programs"),
        (38, "CAP_PERFMON", "tracing programs"),
        (12, "CAP_NET_ADMIN", "network programs"),
        (21, "CAP_SYS_ADMIN", "ids of maps and programs, kernels before 5.8"),
    ];

    private static readonly (string FileSystem, string Where, string Use)[] s_mounts =
    [
        ("bpf", "/sys/fs/bpf", "pins"),
        ("tracefs", "/sys/kernel/tracing", "tracepoints, and probes by tracefs"),
        ("cgroup2", "/sys/fs/cgroup", "programs on control groups"),
    ];

    private HostReport(IBpfKernel kernel, string? reason)
    {
        Kernel = kernel.Name;
        Release = kernel.Facts.ReleaseText;
        Architecture = kernel.Facts.Architecture;
        Reason = reason;
        Checks = [.. kernel.IsEmulated ? [] : MakeChecks(kernel)];
        BpfKernelFeatures features = BpfKernel.Probe(kernel);
        ProgramTypes = [.. Enum.GetValues<BpfProgramType>().Distinct().Where(t => t != 0).Select(t => features.ProgramType(t) with { Name = BpfTypeNames.GetProgramType((uint)t) })];
        MapTypes = [.. Enum.GetValues<BpfMapType>().Distinct().Where(t => t != 0).Select(t => features.MapType(t) with { Name = BpfTypeNames.GetMapType((uint)t) })];
    }

    public string Kernel { get; }

    public string Release { get; }

    public string Architecture { get; }

    /// <summary>Why this kernel was chosen; null if it was asked for.</summary>
    public string? Reason { get; }

    public IReadOnlyList<Check> Checks { get; }

    public IReadOnlyList<BpfFeature> ProgramTypes { get; }

    public IReadOnlyList<BpfFeature> MapTypes { get; }

    public static HostReport Make(IBpfKernel kernel, bool isChosen) => new(kernel, isChosen ? BpfKernel.Selection.Reason : null);

    private static IEnumerable<Check> MakeChecks(IBpfKernel kernel)
    {
        ulong? effective = kernel.Facts.EffectiveCapabilities;
        foreach ((int number, string name, string use) in s_capabilities)
        {
            if (effective is null)
                yield return new(name, false, "unknown", null);
            else if ((effective >> number & 1) != 0)
                yield return new(name, true, "held", null);
            else
                yield return new(name, false, "missing", $"needed for {use}: run as root, or give the process the capability");
        }

        ProcessConfinement confinement = kernel.Facts.Confinement;
        yield return confinement.HasFlag(ProcessConfinement.UserNamespace)
            ? new("user namespace", false, "not the host's first", "capabilities do not count for bpf(2) in there: run it outside (a rootful container, no unshare -U)")
            : new("user namespace", true, "the host's first", null);
        yield return confinement.HasFlag(ProcessConfinement.SeccompFilter)
            ? new("seccomp filter", false, "active", "may refuse bpf(2) and perf_event_open(2): container engines allow them by --security-opt seccomp=..., or with CAP_SYS_ADMIN")
            : new("seccomp filter", true, "none", null);

        foreach ((string fileSystem, string where, string use) in s_mounts)
        {
            string? mount = kernel.Facts.FindMount(fileSystem);
            yield return mount is not null
                ? new(fileSystem, true, $"mounted at {mount}", null)
                : new(fileSystem, false, "not mounted", $"needed for {use}: mount -t {fileSystem} {fileSystem} {where}");
        }

        int result = kernel.Facts.ReadBtf(null, out KernelBlob? btf);
        using (btf as IDisposable)
        {
            yield return result >= 0 && btf is not null
                ? new("kernel BTF", true, $"{btf.Length} bytes", null)
                : new("kernel BTF", false, $"cannot be read ({BpfErrnoText.Name((BpfErrno)(-result))})", "CO-RE and kernel functions need a kernel with CONFIG_DEBUG_INFO_BTF, or a file: --btf FILE");
        }

        yield return Libbpf.IsSupported
            ? new("libbpf", true, $"version {Libbpf.Version}", null)
            : new("libbpf", false, "not used", $"{Libbpf.NotSupportedReason} Objects load through the managed loader all the same.");
    }

    /// <summary>Something that the host has or lacks.</summary>
    internal sealed record Check(string Name, bool IsGood, string State, string? Advice);
}
