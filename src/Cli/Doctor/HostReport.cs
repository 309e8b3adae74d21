using LibbpfSharp.Formats.Instructions;
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
        AttachTypes = [.. Enum.GetValues<BpfAttachType>().Distinct().Select(t => features.AttachType(t) with { Name = BpfTypeNames.GetAttachType((uint)t) })];
        LinkTypes = [.. Enum.GetValues<BpfLinkType>().Distinct().Where(t => t != 0).Select(t => features.LinkType(t) with { Name = t.ToString() })];
        Helpers = [.. Enum.GetValues<BpfProgramType>().Distinct().Where(t => t is not (BpfProgramType.Unspec or BpfProgramType.Ext)).Select(t => HelpersOf(features, t))];
        Kfuncs = features.MarkedKfuncs;
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

    public IReadOnlyList<BpfFeature> AttachTypes { get; }

    public IReadOnlyList<BpfFeature> LinkTypes { get; }

    public IReadOnlyList<HelperList> Helpers { get; }

    /// <summary>Kfuncs of the kernel itself, as its BTF marks them; empty before 6.9.</summary>
    public IReadOnlyList<string> Kfuncs { get; }

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

    private static HelperList HelpersOf(BpfKernelFeatures features, BpfProgramType type)
    {
        List<string> supported = [];
        BpfErrno refusal = BpfErrno.None;
        for (int id = 1; id < BpfHelperNames.Count; id++)
        {
            BpfFeature helper = features.Helper((BpfHelperId)id, type);
            if (helper.Support == BpfFeatureSupport.Supported)
                supported.Add(BpfHelperNames.GetName((BpfHelperId)id));
            else if (helper.Support == BpfFeatureSupport.NotPermitted && refusal == BpfErrno.None)
                refusal = helper.Errno;
        }

        return new(BpfTypeNames.GetProgramType((uint)type), supported, refusal);
    }

    /// <summary>The helpers that programs of a type may call.</summary>
    /// <param name="ProgramType">The type.</param>
    /// <param name="Supported">Names of the helpers.</param>
    /// <param name="Refusal">Why the kernel would not say of others; none if it said of all.</param>
    internal sealed record HelperList(string ProgramType, IReadOnlyList<string> Supported, BpfErrno Refusal);

    /// <summary>Something that the host has or lacks.</summary>
    internal sealed record Check(string Name, bool IsGood, string State, string? Advice);
}
