namespace LibbpfSharp.Formats.Btf;

/// <summary>A parameter of a <see cref="BtfKind.FuncProto"/>.</summary>
public readonly struct BtfParameter : IBtfEntry<BtfParameter>
{
    private readonly BtfData _btf;

    private BtfParameter(BtfData btf, uint nameOffset, uint typeId)
    {
        _btf = btf;
        NameOffset = nameOffset;
        TypeId = typeId;
    }

    /// <summary>Offset of the name in the string section; 0 for an unnamed parameter.</summary>
    public uint NameOffset { get; }

    /// <summary>Name; empty for an unnamed parameter.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public string Name => _btf.GetString(NameOffset);

    /// <summary>Name as the bytes of the string section, without the NUL.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public ReadOnlySpan<byte> NameBytes => _btf.GetStringBytes(NameOffset);

    /// <summary>Id of the parameter's type. A last parameter without name and with type 0 is the "..." of C.</summary>
    public uint TypeId { get; }

    /// <summary>True if this is the "..." of a function with variable arguments.</summary>
    public bool IsVariadic => TypeId == 0 && NameOffset == 0;

    static BtfParameter IBtfEntry<BtfParameter>.Read(BtfType type, int index)
    {
        int at = type.TailOffset + (index * 8);
        return new(type.Btf, type.Btf.ReadTypeWord(at), type.Btf.ReadTypeWord(at + 4));
    }
}
