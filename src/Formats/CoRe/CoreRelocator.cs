using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>
/// Resolves the CO-RE relocations of one object against a target, by the rules of libbpf and the kernel. Not for several
/// threads at once.
/// </summary>
public sealed class CoreRelocator
{
    /// <summary>The helper id in a poisoned instruction: the verifier names it when a program can reach the instruction.</summary>
    public const int PoisonHelperId = CorePatcher.PoisonHelperId;

    private readonly BtfData _local;
    private readonly CoreTarget _target;

    // Per root type, as in libbpf: candidates that once did not match while others did are out for good.
    private readonly Dictionary<uint, List<CoreCandidate>> _candidates = [];

    /// <summary>Makes a relocator.</summary>
    /// <param name="local">BTF of the object.</param>
    /// <param name="target">What to relocate against.</param>
    public CoreRelocator(BtfData local, CoreTarget target)
    {
        _local = local;
        _target = target;
    }

    /// <summary>Resolves a relocation and patches its instruction: with the value, or with an invalid instruction if the target has none.</summary>
    /// <param name="relocation">The relocation.</param>
    /// <param name="instructions">The program: instructions of 8 bytes. On failure it is left as it is.</param>
    /// <param name="index">Index of the instruction to patch; it need not be that of <see cref="CoreRelocation.InstructionOffset"/> once programs are linked.</param>
    /// <param name="sourceLine">The C line of the instruction ("file.c:12: text"), for the result's messages.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="BpfObjectFormatException">The object's or the target's BTF is malformed.</exception>
    public CoreRelocationResult Apply(CoreRelocation relocation, Span<byte> instructions, int index, string? sourceLine = null) =>
        CorePatcher.Patch(Resolve(relocation, sourceLine), instructions, index);

    /// <summary>Resolves a relocation without patching anything.</summary>
    /// <param name="relocation">The relocation.</param>
    /// <param name="sourceLine">The C line of the instruction, for the result's messages.</param>
    /// <returns>The value, or why there is none.</returns>
    /// <exception cref="BpfObjectFormatException">The object's or the target's BTF is malformed.</exception>
    public CoreRelocationResult Resolve(CoreRelocation relocation, string? sourceLine = null)
    {
        string typeName = CoreSpec.TypeName(_local[relocation.TypeId]);
        CoreRelocationResult result = new()
        {
            Relocation = relocation,
            Status = CoreRelocationStatus.Failed,
            LocalSpec = typeName,
            TypeName = typeName,
            SourceLine = sourceLine,
        };
        try
        {
            if (!CoreSpec.IsFieldBased(relocation.Kind) && !CoreSpec.IsTypeBased(relocation.Kind) && !CoreSpec.IsEnumBased(relocation.Kind))
                throw new CoreFailureException($"relocation kind {(int)relocation.Kind} is unknown.");
            CoreSpec local = CoreSpec.Parse(_local, relocation);
            result = result with { LocalSpec = local.ToString(), MemberName = MemberName(local) };
            return relocation.Kind == CoreRelocationKind.TypeIdLocal
                ? result with { Status = CoreRelocationStatus.Resolved, LocalValue = relocation.TypeId, TargetValue = relocation.TypeId }
                : Resolve(result, local);
        }
        catch (CoreFailureException e)
        {
            return result with { Status = CoreRelocationStatus.Failed, Problem = e.Message };
        }
    }

    private static string? MemberName(CoreSpec spec)
    {
        StringBuilder name = new();
        foreach (CoreSpec.Accessor accessor in spec.Accessors)
        {
            if (accessor.Name is not null)
                name.Append(name.Length == 0 ? "" : ".").Append(Encoding.UTF8.GetString(accessor.Name));
            else if (name.Length != 0)
                name.Append('[').Append(accessor.Index).Append(']');
        }

        return name.Length == 0 ? null : name.ToString();
    }

    private CoreRelocationResult Resolve(CoreRelocationResult result, CoreSpec local)
    {
        CoreRelocationKind kind = result.Relocation.Kind;
        BtfType root = _local[local.RootTypeId];
        if (root.NameBytes.IsEmpty)
            throw new CoreFailureException("an anonymous type cannot be found in the target.");
        CoreValue localValue = CoreValue.Calculate(local, kind)!.Value;
        result = result with { LocalValue = localValue.Value, Exact = localValue.Exact };

        if (!_candidates.TryGetValue(local.RootTypeId, out List<CoreCandidate>? candidates))
            _candidates.Add(local.RootTypeId, candidates = _target.FindCandidates(root));
        List<CoreCandidate> matching = [];
        CoreSpec? found = null;
        CoreValue value = default;
        string reason = "";
        foreach (CoreCandidate candidate in candidates)
        {
            CoreSpecMatcher matcher = new(local, kind, candidate);
            CoreSpec? spec = matcher.Match();
            if (spec is null)
            {
                reason = matcher.Reason;
                continue;
            }

            CoreValue candidateValue = CoreValue.Calculate(spec, kind)!.Value;
            if (found is not null && spec.BitOffset != found.BitOffset)
                throw Ambiguous(found, spec, $"at different offsets, {found.BitOffset / 8} and {spec.BitOffset / 8}");
            if (found is not null && candidateValue.Value != value.Value)
                throw Ambiguous(found, spec, $"with different values, {value.Value} and {candidateValue.Value}");
            if (found is null)
                (found, value, result) = (spec, candidateValue, result with { TargetModule = candidate.Module });
            matching.Add(candidate);
        }

        if (found is not null)
        {
            _candidates[local.RootTypeId] = matching;
            return Found(result, local, localValue, found, value);
        }

        CoreValue? absent = CoreValue.Calculate(null, kind);
        return absent is { } answer
            ? result with { Status = CoreRelocationStatus.Resolved, TargetValue = answer.Value }
            : result with
            {
                Status = CoreRelocationStatus.Poisoned,
                Problem = candidates.Count == 0 ? $"the target has no {result.TypeName}." : reason + ".",
            };
    }

    private static CoreRelocationResult Found(CoreRelocationResult result, CoreSpec local, CoreValue localValue, CoreSpec found, CoreValue value)
    {
        // A load or store may change its size only where zero-extension keeps the value: pointers and unsigned integers.
        bool mismatch = false;
        if (localValue.FieldSize != value.FieldSize)
        {
            BtfType was = local.Btf[localValue.FieldTypeId];
            BtfType now = found.Btf[value.FieldTypeId];
            bool pointers = was.Kind == BtfKind.Ptr && now.Kind == BtfKind.Ptr;
            bool unsigned = was.Kind == BtfKind.Int && now.Kind == BtfKind.Int
                && was.IntEncoding != BtfIntEncoding.Signed && now.IntEncoding != BtfIntEncoding.Signed;
            mismatch = !pointers && !unsigned;
        }

        return result with
        {
            Status = CoreRelocationStatus.Resolved,
            TargetSpec = found.ToString(),
            TargetValue = value.Value,
            OldAccessSize = localValue.FieldSize,
            NewAccessSize = value.FieldSize,
            SizeMismatch = mismatch,
        };
    }

    private static CoreFailureException Ambiguous(CoreSpec one, CoreSpec other, string how) =>
        new($"the target has it more than once {how}: [{one.RootTypeId}] {one} and [{other.RootTypeId}] {other}.");
}
