namespace LibbpfSharp.Formats.Elf;

/// <summary>A symbol of an ELF file.</summary>
public readonly struct ElfSymbol
{
    internal const ushort FirstReservedSection = 0xff00;

    private readonly ElfSymbolTable _table;
    private readonly uint _nameOffset;
    private readonly byte _info;
    private readonly byte _other;

    internal ElfSymbol(ElfSymbolTable table, int index, uint nameOffset, byte info, byte other, ushort section, ulong value, ulong size)
    {
        _table = table;
        Index = index;
        _nameOffset = nameOffset;
        _info = info;
        _other = other;
        SectionIndex = section;
        Value = value;
        Size = size;
    }

    /// <summary>Index in the symbol table.</summary>
    public int Index { get; }

    /// <summary>Index of the section that defines it; 0 if it is undefined; 0xff00 and above are no sections.</summary>
    public ushort SectionIndex { get; }

    /// <summary>In an object file its offset in the section in bytes, else its address.</summary>
    public ulong Value { get; }

    /// <summary>Size in bytes.</summary>
    public ulong Size { get; }

    /// <summary>Binding.</summary>
    public ElfSymbolBinding Binding => (ElfSymbolBinding)(_info >> 4);

    /// <summary>Type.</summary>
    public ElfSymbolType Type => (ElfSymbolType)(_info & 0xf);

    /// <summary>True if its visibility is internal or hidden: BPF treats such a function or variable as static.</summary>
    public bool IsHidden => (_other & 3) is 1 or 2;

    /// <summary>True if no section of the file defines it.</summary>
    public bool IsUndefined => SectionIndex == 0;

    /// <summary>True if <see cref="SectionIndex"/> is one of the values that mean no section (absolute, common).</summary>
    public bool IsInReservedSection => SectionIndex >= FirstReservedSection;

    /// <summary>Name, decoded on each call; empty if it has none.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the strings.</exception>
    public string Name => _nameOffset == 0 ? string.Empty : _table.GetName(_nameOffset, Index);

    /// <summary>For people.</summary>
    /// <returns>Index and name.</returns>
    public override string ToString() => _table is null ? "(none)" : $"[{Index}] {Name}";
}
