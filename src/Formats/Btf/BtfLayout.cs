namespace LibbpfSharp.Formats.Btf;

/// <summary>Where members lie, bitfields of both encodings included.</summary>
internal static class BtfLayout
{
    /// <summary>Whether a member is a bitfield: by the member's own size (kind flag), or by an integer type that uses not all its bits (BTF before 2019).</summary>
    /// <param name="owner">The struct or union.</param>
    /// <param name="member">The member.</param>
    /// <param name="bitOffset">Its first bit from the start of the struct.</param>
    /// <param name="bits">Its width in bits; of no bitfield 0.</param>
    /// <returns>True for a bitfield.</returns>
    public static bool IsBitfield(BtfType owner, BtfMember member, out uint bitOffset, out int bits)
    {
        bitOffset = member.BitOffset;
        bits = member.BitfieldSize;
        if (bits != 0 || owner.KindFlag)
            return bits != 0;
        BtfType type = owner.Btf[owner.Btf.ResolveTypedefs(member.TypeId)];
        if (type.Kind != BtfKind.Int || (type.IntBits == type.Size * 8 && type.IntBitOffset == 0) || type.IntBits == 0)
            return false;
        bitOffset += (uint)type.IntBitOffset;
        bits = type.IntBits;
        return true;
    }

    /// <summary>Whether C would need <c>packed</c> to place a struct's members and end where BTF has them.</summary>
    /// <param name="type">A struct or union.</param>
    /// <param name="alignmentOf">Alignment of a type in bytes, 0 if it has none.</param>
    /// <param name="natural">The largest alignment among the members: that of the struct unless it is packed.</param>
    /// <returns>True if packed.</returns>
    public static bool IsPacked(BtfType type, Func<uint, int> alignmentOf, out int natural)
    {
        natural = 1;
        bool packed = false;
        foreach (BtfMember member in type.Members)
        {
            int align = alignmentOf(member.TypeId);
            natural = Math.Max(natural, align);
            if (IsBitfield(type, member, out uint bitOffset, out int bits))
            {
                // Only packed bitfields cross from one unit of their type into the next.
                uint unit = type.Btf.TryGetSize(member.TypeId, out uint size) ? size * 8 : 0;
                packed |= unit != 0 && (bitOffset % unit) + (uint)bits > unit;
            }
            else
            {
                packed |= align > 1 && bitOffset % (8u * (uint)align) != 0;
            }
        }

        return packed || type.Size % (uint)natural != 0;
    }
}
