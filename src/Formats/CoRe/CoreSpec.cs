using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>
/// Which field, type or enumerator a relocation is about, in one BTF. The raw form follows the access string: an index per
/// level, anonymous members included; accessors are the levels that have a meaning in C: array indices and named members.
/// </summary>
internal sealed class CoreSpec(BtfData btf, uint rootTypeId, CoreRelocationKind kind)
{
    public const int MaxLength = 64;

    public BtfData Btf { get; } = btf;

    public uint RootTypeId { get; } = rootTypeId;

    public List<int> Raw { get; } = [];

    public List<Accessor> Accessors { get; } = [];

    public ulong BitOffset { get; set; }

    public static bool IsFieldBased(CoreRelocationKind kind) => kind <= CoreRelocationKind.FieldRightShift && kind >= 0;

    public static bool IsEnumBased(CoreRelocationKind kind) => kind is CoreRelocationKind.EnumValueExists or CoreRelocationKind.EnumValue;

    public static bool IsTypeBased(CoreRelocationKind kind) =>
        kind is >= CoreRelocationKind.TypeIdLocal and <= CoreRelocationKind.TypeSize or CoreRelocationKind.TypeMatches;

    /// <summary>A zero-length array may be indexed at will if it is the last member of its struct.</summary>
    public static bool IsFlexible(BtfData btf, Accessor holder, BtfType array) =>
        holder.Name is not null && array.ElementCount == 0 && holder.Index == btf[holder.TypeId].VariableLength - 1;

    /// <summary>Interprets a relocation's access string in the object's own BTF.</summary>
    public static CoreSpec Parse(BtfData btf, CoreRelocation relocation)
    {
        CoreSpec spec = new(btf, relocation.TypeId, relocation.Kind);
        string access = btf.GetString(relocation.AccessStringOffset);
        if (IsTypeBased(relocation.Kind))
        {
            return access == "0" ? spec : throw new CoreFailureException($"the access string of a relocation about a type is '{access}', not '0'.");
        }

        foreach (string part in access.Split(':'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                throw new CoreFailureException($"the access string '{access}' is not a list of numbers.");
            if (spec.Raw.Count == MaxLength)
                throw new CoreFailureException($"the access string '{access}' has more than {MaxLength} levels.");
            spec.Raw.Add(index);
        }

        uint id = btf.ResolveTypedefs(relocation.TypeId);
        BtfType type = btf[id];
        if (IsEnumBased(relocation.Kind))
        {
            if (!type.IsAnyEnum || spec.Raw.Count > 1 || spec.Raw[0] >= type.VariableLength)
                throw new CoreFailureException($"the access string '{access}' names no enumerator of {type}.");
            spec.Accessors.Add(new(id, spec.Raw[0], type.EnumValues[spec.Raw[0]].NameBytes.ToArray()));
            return spec;
        }

        if (!IsFieldBased(relocation.Kind))
            throw new CoreFailureException($"relocation kind {(int)relocation.Kind} is unknown.");
        spec.AddIndex(id, spec.Raw[0]);
        for (int i = 1; i < spec.Raw.Count; i++)
            id = spec.Descend(btf.ResolveTypedefs(id), spec.Raw[i], access);
        return spec;
    }

    /// <summary>Records the index'th element of an array of the given type.</summary>
    public void AddIndex(uint elementTypeId, int index)
    {
        if (!Btf.TryGetSize(elementTypeId, out uint size))
            throw new CoreFailureException($"{Btf[elementTypeId]} has no size.");
        Accessors.Add(new(elementTypeId, index, null));
        Move((ulong)index * size * 8);
    }

    public void Move(ulong bits)
    {
        BitOffset += bits;
        if (BitOffset > uint.MaxValue)
            throw new CoreFailureException("the field lies beyond 512 MiB.");
    }

    /// <summary>As C would write it, with the raw form and the offset.</summary>
    public override string ToString()
    {
        BtfType root = Btf[RootTypeId];
        StringBuilder text = new(TypeName(root));
        if (IsTypeBased(kind))
            return text.ToString();
        if (IsEnumBased(kind))
        {
            if (Accessors.Count == 0)
                return text.ToString();
            BtfType type = Btf[Accessors[0].TypeId];
            long value = type.EnumValues[Accessors[0].Index].Value;
            text.Append("::").Append(Encoding.UTF8.GetString(Accessors[0].Name!)).Append(" = ");
            return (type.IsSignedEnum ? text.Append(value) : text.Append((ulong)value)).ToString();
        }

        for (int i = 0; i < Accessors.Count; i++)
        {
            if (Accessors[i].Name is { } name)
                text.Append('.').Append(Encoding.UTF8.GetString(name));
            else if (i > 0 || Accessors[i].Index > 0)
                text.Append('[').Append(Accessors[i].Index).Append(']');
        }

        text.Append(" (").AppendJoin(':', Raw).Append(" @ offset ").Append(BitOffset / 8);
        if (BitOffset % 8 != 0)
            text.Append('.').Append(BitOffset % 8);
        return text.Append(')').ToString();
    }

    /// <summary>A type's name as C has it.</summary>
    internal static string TypeName(BtfType type)
    {
        string name = type.NameOffset == 0 ? "(anonymous)" : type.Name;
        return type.Kind switch
        {
            BtfKind.Struct => "struct " + name,
            BtfKind.Union => "union " + name,
            BtfKind.Enum or BtfKind.Enum64 => "enum " + name,
            BtfKind.Fwd => (type.IsForwardUnion ? "union " : "struct ") + name,
            _ => name,
        };
    }

    private uint Descend(uint id, int index, string access)
    {
        BtfType type = Btf[id];
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                if (index >= type.VariableLength)
                    throw new CoreFailureException($"the access string '{access}' names member {index} of {type}, which has {type.VariableLength}.");
                BtfMember member = type.Members[index];
                Move(member.BitOffset);
                if (member.NameOffset != 0)
                    Accessors.Add(new(id, index, member.NameBytes.ToArray()));
                return member.TypeId;
            case BtfKind.Array:
                if (index >= type.ElementCount && !IsFlexible(Btf, Accessors[^1], type))
                    throw new CoreFailureException($"the access string '{access}' names element {index} of an array of {type.ElementCount}.");
                uint element = Btf.ResolveTypedefs(type.ElementTypeId);
                AddIndex(element, index);
                return element;
            default:
                throw new CoreFailureException($"the access string '{access}' goes into {type}, which has no parts.");
        }
    }

    /// <summary>A step to a named member of struct <paramref name="TypeId"/>, or to an element (of type <paramref name="TypeId"/>) of an array.</summary>
    internal readonly record struct Accessor(uint TypeId, int Index, byte[]? Name);
}
