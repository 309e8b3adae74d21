using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>
/// The three relations between a local and a target type that CO-RE knows, as libbpf and the kernel define them: compatible
/// as types (existence, size), compatible as fields (access), and matching (all of the local one is in the target).
/// </summary>
internal sealed class CoreTypeMatcher(BtfData local, BtfData target)
{
    private const int MaxLevel = 32;

    // Types nested in each other can be compared exponentially often; real kernels need some ten thousand steps.
    private int _budget = 4_000_000;

    public static bool KindsAreCompatible(BtfType left, BtfType right) =>
        left.Kind == right.Kind || (left.IsAnyEnum && right.IsAnyEnum);

    /// <summary>Counts work; fails when a relocation takes too much of it.</summary>
    public void Spend()
    {
        if (--_budget < 0)
            throw new CoreFailureException("comparing the local type with the target's takes too many steps: the BTF is malformed.");
    }

    public bool AreCompatible(uint localId, uint targetId) =>
        KindsAreCompatible(local[localId], target[targetId]) && AreCompatible(localId, targetId, MaxLevel);

    public bool FieldsAreCompatible(uint localId, uint targetId)
    {
        for (int depth = 0; ; depth++)
        {
            TooDeep(depth);
            BtfType localType = local[local.ResolveTypedefs(localId)];
            BtfType targetType = target[target.ResolveTypedefs(targetId)];
            if (localType.IsComposite && targetType.IsComposite)
                return true;
            if (!KindsAreCompatible(localType, targetType))
                return false;
            switch (localType.Kind)
            {
                case BtfKind.Ptr or BtfKind.Float:
                    return true;
                case BtfKind.Fwd or BtfKind.Enum or BtfKind.Enum64:
                    return localType.NameBytes.IsEmpty || targetType.NameBytes.IsEmpty
                        || CoreNames.SameEssential(localType.NameBytes, targetType.NameBytes);
                case BtfKind.Int:
                    return localType.IntBitOffset == 0 && targetType.IntBitOffset == 0;
                case BtfKind.Array:
                    (localId, targetId) = (localType.ElementTypeId, targetType.ElementTypeId);
                    break;
                default:
                    return false;
            }
        }
    }

    public bool Match(uint localId, uint targetId) => Match(localId, targetId, false, MaxLevel);

    private static void TooDeep(int depth)
    {
        if (depth >= MaxLevel)
            throw new CoreFailureException($"types are nested more than {MaxLevel} deep.");
    }

    private bool AreCompatible(uint localId, uint targetId, int level)
    {
        for (int depth = 0; ; depth++)
        {
            Spend();
            TooDeep(depth);
            BtfType localType = local[local.ResolveTypedefs(localId)];
            BtfType targetType = target[target.ResolveTypedefs(targetId)];
            if (!KindsAreCompatible(localType, targetType))
                return false;
            switch (localType.Kind)
            {
                case BtfKind.Void or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Fwd:
                    return true;
                case BtfKind.Int:
                    return localType.IntBitOffset == 0 && targetType.IntBitOffset == 0;
                case BtfKind.Ptr:
                    (localId, targetId) = (localType.TypeId, targetType.TypeId);
                    break;
                case BtfKind.Array:
                    (localId, targetId) = (localType.ElementTypeId, targetType.ElementTypeId);
                    break;
                case BtfKind.FuncProto:
                    if (localType.VariableLength != targetType.VariableLength)
                        return false;
                    for (int i = 0; i < localType.VariableLength; i++)
                    {
                        TooDeep(MaxLevel - level);
                        if (!AreCompatible(localType.Parameters[i].TypeId, targetType.Parameters[i].TypeId, level - 1))
                            return false;
                    }

                    (localId, targetId) = (localType.TypeId, targetType.TypeId);
                    break;
                default:
                    return false;
            }
        }
    }

    private bool Match(uint localId, uint targetId, bool behindPointer, int level)
    {
        TooDeep(MaxLevel - level);
        for (int depth = 0; ; depth++)
        {
            Spend();
            TooDeep(depth);
            BtfType localType = local[local.ResolveTypedefs(localId)];
            BtfType targetType = target[target.ResolveTypedefs(targetId)];
            if (!NamesMatch(localType.NameBytes, targetType.NameBytes))
                return false;
            switch (localType.Kind)
            {
                case BtfKind.Void:
                    return targetType.Kind == BtfKind.Void;
                case BtfKind.Fwd:
                    if (targetType.Kind == BtfKind.Fwd)
                        return localType.KindFlag == targetType.KindFlag;
                    return behindPointer && targetType.Kind == (localType.IsForwardUnion ? BtfKind.Union : BtfKind.Struct);
                case BtfKind.Enum or BtfKind.Enum64:
                    return targetType.IsAnyEnum && EnumsMatch(localType, targetType);
                case BtfKind.Struct or BtfKind.Union:
                    if (!behindPointer)
                        return localType.Kind == targetType.Kind && MembersMatch(localType, targetType, level);
                    return localType.Kind == targetType.Kind
                        || (targetType.Kind == BtfKind.Fwd && targetType.IsForwardUnion == (localType.Kind == BtfKind.Union));
                case BtfKind.Int:
                    return targetType.Kind == BtfKind.Int && localType.Size == targetType.Size && localType.IsSignedInt == targetType.IsSignedInt;
                case BtfKind.Ptr when targetType.Kind == BtfKind.Ptr:
                    behindPointer = true;
                    (localId, targetId) = (localType.TypeId, targetType.TypeId);
                    break;
                case BtfKind.Array when targetType.Kind == BtfKind.Array && localType.ElementCount == targetType.ElementCount:
                    (localId, targetId) = (localType.ElementTypeId, targetType.ElementTypeId);
                    break;
                case BtfKind.FuncProto when targetType.Kind == BtfKind.FuncProto && localType.VariableLength == targetType.VariableLength:
                    for (int i = 0; i < localType.VariableLength; i++)
                    {
                        if (!Match(localType.Parameters[i].TypeId, targetType.Parameters[i].TypeId, behindPointer, level - 1))
                            return false;
                    }

                    (localId, targetId) = (localType.TypeId, targetType.TypeId);
                    break;
                default:
                    return false;
            }
        }
    }

    private static bool NamesMatch(ReadOnlySpan<byte> localName, ReadOnlySpan<byte> targetName) =>
        targetName.IsEmpty ? localName.IsEmpty : CoreNames.SameEssential(localName, targetName);

    private bool EnumsMatch(BtfType localType, BtfType targetType)
    {
        if (localType.Size != targetType.Size || localType.VariableLength > targetType.VariableLength)
            return false;
        foreach (BtfEnumValue value in localType.EnumValues)
        {
            bool found = false;
            for (int i = 0; i < targetType.VariableLength && !found; i++)
            {
                Spend();
                found = NamesMatch(value.NameBytes, targetType.EnumValues[i].NameBytes);
            }

            if (!found)
                return false;
        }

        return true;
    }

    private bool MembersMatch(BtfType localType, BtfType targetType, int level)
    {
        if (localType.VariableLength > targetType.VariableLength)
            return false;
        foreach (BtfMember member in localType.Members)
        {
            bool found = false;
            for (int i = 0; i < targetType.VariableLength && !found; i++)
            {
                Spend();
                BtfMember other = targetType.Members[i];
                found = NamesMatch(member.NameBytes, other.NameBytes) && Match(member.TypeId, other.TypeId, false, level - 1);
            }

            if (!found)
                return false;
        }

        return true;
    }
}
