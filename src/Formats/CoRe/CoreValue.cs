using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>The value that a spec gives for a relocation, and what is needed to adjust the size of a load or store.</summary>
/// <param name="Value">What goes into the instruction.</param>
/// <param name="FieldSize">Size in bytes of the field if its offset was asked and it is no bitfield, else 0.</param>
/// <param name="FieldTypeId">Its type then.</param>
/// <param name="Exact">False if the compiler may have put another value into the instruction (bitfields, type ids).</param>
internal readonly record struct CoreValue(ulong Value, uint FieldSize, uint FieldTypeId, bool Exact)
{
    /// <summary>Calculates the value; null if the instruction must be poisoned because the target has nothing.</summary>
    public static CoreValue? Calculate(CoreSpec? spec, CoreRelocationKind kind) => kind switch
    {
        CoreRelocationKind.FieldExists or CoreRelocationKind.EnumValueExists => new(spec is null ? 0u : 1u, 0, 0, true),
        CoreRelocationKind.EnumValue => spec is null ? null : OfEnumerator(spec),
        CoreRelocationKind.TypeExists or CoreRelocationKind.TypeMatches => new(spec is null ? 0u : 1u, 0, 0, true),
        CoreRelocationKind.TypeSize => new(spec is null ? 0 : Size(spec.Btf, spec.RootTypeId), 0, 0, true),

        // An id in the instruction may have gone stale in linking.
        CoreRelocationKind.TypeIdTarget or CoreRelocationKind.TypeIdLocal => new(spec?.RootTypeId ?? 0, 0, 0, false),
        _ => spec is null ? null : OfField(spec, kind),
    };

    private static CoreValue OfEnumerator(CoreSpec spec)
    {
        BtfType type = spec.Btf[spec.Accessors[0].TypeId];
        long value = type.EnumValues[spec.Accessors[0].Index].Value;

        // As libbpf and the kernel: the 32 bits of an ENUM are sign-extended whatever its signedness, which clang before 15 did not record.
        return new(type.Kind == BtfKind.Enum ? (ulong)(int)value : (ulong)value, 0, 0, true);
    }

    private static CoreValue OfField(CoreSpec spec, CoreRelocationKind kind)
    {
        CoreSpec.Accessor last = spec.Accessors[^1];
        BtfData btf = spec.Btf;
        if (last.Name is null)
        {
            uint element = Size(btf, last.TypeId);
            return kind switch
            {
                CoreRelocationKind.FieldByteOffset => new(spec.BitOffset / 8, element, last.TypeId, true),
                CoreRelocationKind.FieldByteSize => new(element, 0, 0, true),
                _ => throw new CoreFailureException("this kind of relocation cannot be applied to an element of an array."),
            };
        }

        BtfMember member = btf[last.TypeId].Members[last.Index];
        uint typeId = btf.ResolveTypedefs(member.TypeId);
        BtfType type = btf[typeId];
        bool bitfield = member.BitfieldSize > 0;
        uint size = bitfield && !type.IsAnyEnum && type.Kind != BtfKind.Int
            ? throw new CoreFailureException($"the bitfield '{member.Name}' is of {type}.")
            : Size(btf, typeId);
        ulong bitOffset = spec.BitOffset;
        ulong bits = bitfield ? (uint)member.BitfieldSize : size * 8ul;
        ulong offset = bitOffset / 8;
        if (bitfield)
            (offset, size) = LoadUnit(bitOffset, bits, size);
        return kind switch
        {
            CoreRelocationKind.FieldByteOffset => new(offset, bitfield ? 0 : size, bitfield ? 0 : typeId, !bitfield),
            CoreRelocationKind.FieldByteSize => new(size, 0, 0, !bitfield),
            CoreRelocationKind.FieldSigned => new((type.IsAnyEnum && type.IsSignedEnum) || (type.Kind == BtfKind.Int && type.IsSignedInt) ? 1u : 0, 0, 0, true),
            CoreRelocationKind.FieldLeftShift => new(64 - (bitOffset + bits - (offset * 8)), 0, 0, !bitfield),
            _ => new(64 - bits, 0, 0, true),
        };
    }

    /// <summary>The smallest naturally aligned unit that holds a bitfield, beginning with that of its type.</summary>
    private static (ulong Offset, uint Size) LoadUnit(ulong bitOffset, ulong bits, uint size)
    {
        if (size is 0 or > 16)
            throw new CoreFailureException($"a bitfield's type has {size} bytes.");
        ulong offset = bitOffset / 8 / size * size;
        while (bitOffset + bits - (offset * 8) > size * 8)
        {
            if (size >= 8)
                throw new CoreFailureException("the bitfield cannot be read by one load of 8 bytes.");
            size *= 2;
            offset = bitOffset / 8 / size * size;
        }

        return (offset, size);
    }

    private static uint Size(BtfData btf, uint id) =>
        btf.TryGetSize(id, out uint size) ? size : throw new CoreFailureException($"{btf[id]} has no size.");
}
