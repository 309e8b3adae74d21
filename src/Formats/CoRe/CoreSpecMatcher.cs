using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>Finds what a local spec means in one candidate of the target, and remembers why nothing was found.</summary>
internal sealed class CoreSpecMatcher
{
    private readonly CoreSpec _local;
    private readonly CoreRelocationKind _kind;
    private readonly BtfData _target;
    private readonly uint _candidateId;
    private readonly CoreTypeMatcher _types;

    public CoreSpecMatcher(CoreSpec local, CoreRelocationKind kind, CoreCandidate candidate)
    {
        _local = local;
        _kind = kind;
        _target = candidate.Btf;
        _candidateId = candidate.Id;
        _types = new(local.Btf, candidate.Btf);
    }

    /// <summary>Why <see cref="Match"/> gave null.</summary>
    public string Reason { get; private set; } = "";

    public CoreSpec? Match()
    {
        CoreSpec spec = new(_target, _candidateId, _kind);
        if (CoreSpec.IsTypeBased(_kind))
        {
            bool fits = _kind == CoreRelocationKind.TypeMatches
                ? _types.Match(_local.RootTypeId, _candidateId)
                : _types.AreCompatible(_local.RootTypeId, _candidateId);
            return fits ? spec : Fail($"the target's {CoreSpec.TypeName(_target[_candidateId])} is different");
        }

        if (CoreSpec.IsEnumBased(_kind))
            return MatchEnumerator(spec);
        uint id = _candidateId;
        for (int i = 0; i < _local.Accessors.Count; i++)
        {
            id = _target.ResolveTypedefs(id);
            CoreSpec.Accessor wanted = _local.Accessors[i];
            if (wanted.Name is not null)
            {
                if (!MatchMember(spec, wanted, ref id))
                {
                    if (Reason.Length == 0)
                        Fail($"the target's {CoreSpec.TypeName(_target[id])} has no member '{Encoding.UTF8.GetString(wanted.Name)}'");
                    return null;
                }

                continue;
            }

            if (i > 0)
            {
                BtfType array = _target[id];
                if (array.Kind != BtfKind.Array)
                    return Fail($"it is no array in the target but {CoreSpec.TypeName(array)}");
                if (wanted.Index >= array.ElementCount && !CoreSpec.IsFlexible(_target, spec.Accessors[^1], array))
                    return Fail($"the target's array has {array.ElementCount} elements, so none with index {wanted.Index}");
                id = _target.ResolveTypedefs(array.ElementTypeId);
            }

            Push(spec, wanted.Index);
            if (!_target.TryGetSize(id, out _))
                return Fail($"the target has only a declaration of {CoreSpec.TypeName(_target[id])}");
            spec.AddIndex(id, wanted.Index);
        }

        return spec;
    }

    private static void Push(CoreSpec spec, int index)
    {
        if (spec.Raw.Count == CoreSpec.MaxLength)
            throw new CoreFailureException($"members are nested more than {CoreSpec.MaxLength} deep in the target.");
        spec.Raw.Add(index);
    }

    private CoreSpec? MatchEnumerator(CoreSpec spec)
    {
        uint id = _target.ResolveTypedefs(_candidateId);
        BtfType type = _target[id];
        byte[] name = _local.Accessors[0].Name!;
        if (!type.IsAnyEnum)
            return Fail($"the target's {CoreSpec.TypeName(type)} is no enumeration");
        for (int i = 0; i < type.VariableLength; i++)
        {
            if (!CoreNames.SameEssential(type.EnumValues[i].NameBytes, name))
                continue;
            spec.Raw.Add(i);
            spec.Accessors.Add(new(id, i, type.EnumValues[i].NameBytes.ToArray()));
            return spec;
        }

        return Fail($"the target's {CoreSpec.TypeName(type)} has no enumerator '{Encoding.UTF8.GetString(name)}'");
    }

    // Looks through anonymous members; the first member of the name decides, compatible or not.
    private bool MatchMember(CoreSpec spec, CoreSpec.Accessor wanted, ref uint id)
    {
        BtfType type = _target[_target.ResolveTypedefs(id)];
        if (!type.IsComposite)
            return false;
        for (int i = 0; i < type.VariableLength; i++)
        {
            _types.Spend();
            BtfMember member = type.Members[i];
            bool anonymous = member.NameOffset == 0;
            if (!anonymous && !member.NameBytes.SequenceEqual(wanted.Name))
                continue;
            ulong before = spec.BitOffset;
            Push(spec, i);
            spec.Move(member.BitOffset);
            if (anonymous)
            {
                uint inner = member.TypeId;
                if (MatchMember(spec, wanted, ref inner))
                {
                    id = inner;
                    return true;
                }

                if (Reason.Length != 0)
                    return false;
            }
            else
            {
                uint localMember = _local.Btf[wanted.TypeId].Members[wanted.Index].TypeId;
                if (!_types.FieldsAreCompatible(localMember, member.TypeId))
                {
                    Fail($"member '{member.Name}' of the target's {CoreSpec.TypeName(type)} has an incompatible type");
                    return false;
                }

                spec.Accessors.Add(new(type.Id, i, wanted.Name));
                id = member.TypeId;
                return true;
            }

            spec.BitOffset = before;
            spec.Raw.RemoveAt(spec.Raw.Count - 1);
        }

        return false;
    }

    private CoreSpec? Fail(string reason)
    {
        Reason = reason;
        return null;
    }
}
