namespace LibbpfSharp.Formats.Btf;

/// <summary>A member of a <see cref="BtfKind.Struct"/> or <see cref="BtfKind.Union"/>.</summary>
public readonly struct BtfMember : IBtfEntry<BtfMember>
{
    private readonly BtfData _btf;

    private BtfMember(BtfData btf, uint nameOffset, uint typeId, uint bitOffset, int bitfieldSize)
    {
        _btf = btf;
        NameOffset = nameOffset;
        TypeId = typeId;
        BitOffset = bitOffset;
        BitfieldSize = bitfieldSize;
    }

    /// <summary>Offset of the name in the string section; 0 for an anonymous member.</summary>
    public uint NameOffset { get; }

    /// <summary>Name; empty for an anonymous member.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public string Name => _btf.GetString(NameOffset);

    /// <summary>Name as the bytes of the string section, without the NUL.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public ReadOnlySpan<byte> NameBytes => _btf.GetStringBytes(NameOffset);

    /// <summary>Id of the member's type.</summary>
    public uint TypeId { get; }

    /// <summary>Offset from the start of the structure in bits.</summary>
    public uint BitOffset { get; }

    /// <summary>
    /// Size in bits if the structure says that this is a bitfield, else 0. (Without the structure's kind flag a bitfield
    /// can also be expressed by an integer type with fewer bits than its size; clang and pahole do not do so any more.)
    /// </summary>
    public int BitfieldSize { get; }

    static BtfMember IBtfEntry<BtfMember>.Read(BtfType type, int index)
    {
        int at = type.TailOffset + (index * 12);
        uint offset = type.Btf.ReadTypeWord(at + 8);
        return type.KindFlag
            ? new(type.Btf, type.Btf.ReadTypeWord(at), type.Btf.ReadTypeWord(at + 4), offset & 0xff_ffff, (int)(offset >> 24))
            : new(type.Btf, type.Btf.ReadTypeWord(at), type.Btf.ReadTypeWord(at + 4), offset, 0);
    }
}
