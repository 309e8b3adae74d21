using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// What a kernel lets this process do. Nothing is asked before it is wanted. An answer that is certain, supported or
/// not, is kept for as long as the kernel object lives; "not permitted" is asked again, since privileges change.
/// </summary>
public sealed class BpfKernelFeatures
{
    private static readonly ConditionalWeakTable<IBpfKernel, ConcurrentDictionary<string, BpfFeature>> s_certain = [];

    private readonly IBpfKernel _kernel;
    private readonly ConcurrentDictionary<string, BpfFeature> _known;

    internal BpfKernelFeatures(IBpfKernel kernel)
    {
        _kernel = kernel;
        _known = s_certain.GetValue(kernel, static _ => new(StringComparer.Ordinal));
    }

    /// <summary>Name of the kernel that was asked.</summary>
    public string KernelName => _kernel.Name;

    /// <summary>Whether a map can be made.</summary>
    public BpfFeature Maps => Ask("maps", () => KernelProbes.TryCreateMap(_kernel, BpfMapType.Array));

    /// <summary>Whether BTF can be loaded.</summary>
    public BpfFeature Btf => Ask("BTF", () => KernelProbes.TryLoadBtf(_kernel));

    /// <summary>Names of the kfuncs that the kernel itself, without its modules, marks as such in its BTF (6.9); empty on older kernels.</summary>
    public IReadOnlyList<string> MarkedKfuncs => CallProbes.MarkedKfuncs(_kernel);

    /// <summary>Whether a kind of map can be made.</summary>
    /// <param name="type">The kind.</param>
    /// <returns>The kernel's answer.</returns>
    public BpfFeature MapType(BpfMapType type) => Ask($"map type {BpfTypeNames.GetMapType((uint)type)}", () => KernelProbes.TryCreateMap(_kernel, type));

    /// <summary>Whether the smallest program of a kind loads.</summary>
    /// <param name="type">The kind.</param>
    /// <returns>The kernel's answer.</returns>
    public BpfFeature ProgramType(BpfProgramType type) => Ask($"program type {BpfTypeNames.GetProgramType((uint)type)}", () => KernelProbes.TryLoadProgram(_kernel, type));

    /// <summary>Whether programs can be attached in some way.</summary>
    /// <param name="type">The attach type.</param>
    /// <returns>The kernel's answer.</returns>
    public BpfFeature AttachType(BpfAttachType type) => Ask($"attach type {BpfTypeNames.GetAttachType((uint)type)}", () => AttachProbes.TryAttachType(_kernel, type));

    /// <summary>Whether the kernel has a kind of link.</summary>
    /// <param name="type">The kind.</param>
    /// <returns>The kernel's answer.</returns>
    public BpfFeature LinkType(BpfLinkType type)
    {
        if (type == BpfLinkType.Unspec || !Enum.IsDefined(type))
            throw new ArgumentOutOfRangeException(nameof(type), type, "No such kind of link is known.");
        return Ask($"link type {type}", () => AttachProbes.TryLink(_kernel, type));
    }

    /// <summary>
    /// Whether programs of a type may call a helper. Tracing programs are asked as tracepoints by BTF, LSM programs as
    /// file_open, struct_ops as a TCP congestion control; only syscall programs as sleepable ones.
    /// </summary>
    /// <param name="helper">The helper.</param>
    /// <param name="type">The type of program.</param>
    /// <returns>The kernel's answer; "not permitted" also where a capability is missing that would show whether it is there.</returns>
    /// <exception cref="ArgumentException"><paramref name="type"/> is <see cref="BpfProgramType.Ext"/>, which has the helpers of the program it extends.</exception>
    public BpfFeature Helper(BpfHelperId helper, BpfProgramType type) =>
        Ask($"helper {BpfHelperNames.GetName(helper)} of {BpfTypeNames.GetProgramType((uint)type)}", () => CallProbes.TryHelper(_kernel, type, helper));

    /// <summary>Whether programs of a type may call a function of the kernel itself, not of a module.</summary>
    /// <param name="name">The function, such as "bpf_map_sum_elem_count".</param>
    /// <param name="type">The type of program.</param>
    /// <returns>The kernel's answer; ESRCH says that the kernel has no such function.</returns>
    /// <exception cref="ArgumentException"><paramref name="type"/> is <see cref="BpfProgramType.Ext"/>, which has the kfuncs of the program it extends.</exception>
    public BpfFeature Kfunc(string name, BpfProgramType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Ask($"kfunc {name} of {BpfTypeNames.GetProgramType((uint)type)}", () => CallProbes.TryKfunc(_kernel, type, name));
    }

    /// <summary>All program types, asked one after the other.</summary>
    /// <returns>The answers in order of the type's number.</returns>
    public IReadOnlyList<BpfFeature> ProgramTypes() =>
        Enum.GetValues<BpfProgramType>().Where(type => type != BpfProgramType.Unspec).Select(ProgramType).ToArray();

    /// <summary>All map types, asked one after the other.</summary>
    /// <returns>The answers in order of the type's number.</returns>
    public IReadOnlyList<BpfFeature> MapTypes() =>
        Enum.GetValues<BpfMapType>().Where(type => type != BpfMapType.Unspec).Select(MapType).ToArray();

    /// <summary>All attach types, asked one after the other.</summary>
    /// <returns>The answers in order of the type's number.</returns>
    public IReadOnlyList<BpfFeature> AttachTypes() => Enum.GetValues<BpfAttachType>().Select(AttachType).ToArray();

    /// <summary>All kinds of links, asked one after the other.</summary>
    /// <returns>The answers in order of the kind's number.</returns>
    public IReadOnlyList<BpfFeature> LinkTypes() =>
        Enum.GetValues<BpfLinkType>().Where(type => type != BpfLinkType.Unspec).Select(LinkType).ToArray();

    private BpfFeature Ask(string name, Func<int> ask)
    {
        if (_known.TryGetValue(name, out BpfFeature known))
            return known;
        BpfFeature answer = KernelProbes.Answer(name, ask());
        if (answer.Support != BpfFeatureSupport.NotPermitted)
            _known.TryAdd(name, answer);
        return answer;
    }
}
