namespace LibbpfSharp.Formats.Btf;

/// <summary>An enumerator of a <see cref="BtfKind.Enum"/> or <see cref="BtfKind.Enum64"/>.</summary>
public readonly struct BtfEnumValue : IBtfEntry<BtfEnumValue>
{
    private readonly BtfData _btf;

    private BtfEnumValue(BtfData btf, uint nameOffset, long value)
    {
        _btf = btf;
        NameOffset = nameOffset;
        Value = value;
    }

    /// <summary>Offset of the name in the string section.</summary>
    public uint NameOffset { get; }

    /// <summary>Name of the enumerator.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public string Name => _btf.GetString(NameOffset);

    /// <summary>Name as the bytes of the string section, without the NUL.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public ReadOnlySpan<byte> NameBytes => _btf.GetStringBytes(NameOffset);

    /// <summary>
    /// The value. Sign-extended if the enumeration is signed (<see cref="BtfType.IsSignedEnum"/>), else zero-extended; an
    /// unsigned 64-bit value of 2^63 and above is to be read as <c>(ulong)Value</c>.
    /// </summary>
    public long Value { get; }

    static BtfEnumValue IBtfEntry<BtfEnumValue>.Read(BtfType type, int index)
    {
        if (type.Kind == BtfKind.Enum64)
        {
            int at64 = type.TailOffset + (index * 12);
            ulong value = type.Btf.ReadTypeWord(at64 + 4) | ((ulong)type.Btf.ReadTypeWord(at64 + 8) << 32);
            return new(type.Btf, type.Btf.ReadTypeWord(at64), (long)value);
        }

        int at = type.TailOffset + (index * 8);
        uint word = type.Btf.ReadTypeWord(at + 4);
        return new(type.Btf, type.Btf.ReadTypeWord(at), type.KindFlag ? (int)word : word);
    }
}
