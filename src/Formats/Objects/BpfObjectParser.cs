using System.Buffers.Binary;
using System.Text;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Formats.Objects;

/// <summary>Reads an object file into specs, in the order in which libbpf does, and with its rules.</summary>
internal sealed partial class BpfObjectParser
{
    internal const string TextSection = ".text";

    private const string MapsSection = ".maps";
    private const string ArenaSection = ".addr_space.1";
    private const string JumpTablesSection = ".jumptables";
    private const string DataSection = ".data";
    private const string ReadOnlyDataSection = ".rodata";
    private const string BssSection = ".bss";
    private const string LicenseSection = "license";
    private const string VersionSection = "version";

    private readonly string _name;
    private readonly ElfSymbolTable _symbols;
    private readonly ElfSection _symbolSection;
    private readonly Dictionary<string, ElfSection> _sectionsByName = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Section, string Name), ElfSymbol> _variableSymbols = [];

    private BpfObjectParser(ElfFile elf, string name)
    {
        Elf = elf;
        _name = name;
        if (elf.Machine != ElfFile.MachineBpf)
            throw new BpfObjectFormatException("ELF header", 18, $"the file is for machine {elf.Machine}, not for BPF ({ElfFile.MachineBpf}). Compile it with clang -target bpf.");
        if (elf.Type != 1)
            throw new BpfObjectFormatException("ELF header", 16, $"the file's type is {elf.Type}; a BPF object is relocatable (1).");
        _symbolSection = FindSymbols(elf);
        _symbols = elf.GetSymbols(_symbolSection);
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Index != 0)
                _sectionsByName.TryAdd(section.Name, section);
        }
    }

    public ElfFile Elf { get; }

    public string License { get; private set; } = string.Empty;

    public uint? KernelVersion { get; private set; }

    public BtfData? Btf { get; private set; }

    public BtfExtData? BtfExt { get; private set; }

    public List<BpfMapSpec> Maps { get; } = [];

    public List<BpfProgramSpec> Programs { get; } = [];

    public List<BpfFunctionSpec> Functions { get; } = [];

    public List<BpfExternSpec> Externs { get; } = [];

    public List<BpfVariableSpec> Variables { get; } = [];

    public static BpfObjectParser Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        BpfObjectParser parser = new(ElfFile.Parse(bytes), name);
        parser.ReadMetadata();
        parser.IndexSymbols();
        parser.ReadFunctions();
        parser.ReadExterns();
        parser.ReadUserMaps();
        parser.ReadDataMaps();
        parser.AddKconfigMap();
        parser.ReadStructOps();
        for (int i = 0; i < parser.Maps.Count; i++)
            parser.Maps[i].Index = i;
        parser.ReadVariables();
        parser.ReadRelocations();
        parser.ReadBtfExt();
        parser.FindExceptionCallbacks();
        return parser;
    }

    private static bool IsNamed(ElfSection section, string name) =>
        section.Name == name || (section.Name.StartsWith(name, StringComparison.Ordinal) && section.Name[name.Length] == '.');

    private static ElfSection FindSymbols(ElfFile elf)
    {
        ElfSection? found = null;
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Type != ElfSectionType.SymbolTable)
                continue;
            if (found is not null)
                throw ElfFile.HeaderError(section, 4, $"there are two symbol tables, {found} and {section}.");
            found = section;
        }

        return found ?? throw new BpfObjectFormatException(".symtab", 0, "the file has no symbol table; it was stripped too far. Use llvm-strip -g, which keeps symbols.");
    }

    private static bool HasContent(ElfSection section) => section.Type == ElfSectionType.ProgBits && section.Data.Length > 0;

    private void ReadMetadata()
    {
        foreach (ElfSection section in Elf.Sections)
        {
            switch (section.Name)
            {
                case LicenseSection when section.Type == ElfSectionType.ProgBits:
                    ReadOnlySpan<byte> text = section.Data.Span;
                    int end = text.IndexOf((byte)0);
                    License = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
                    break;
                case VersionSection when section.Type == ElfSectionType.ProgBits:
                    if (section.Data.Length != 4)
                        throw new BpfObjectFormatException(section.Name, 0, $"a kernel version has 4 bytes, not {section.Data.Length}.");
                    KernelVersion = BinaryPrimitives.ReadUInt32LittleEndian(section.Data.Span);
                    break;
                case "maps" when section.Type == ElfSectionType.ProgBits:
                    throw new BpfObjectFormatException(section.Name, 0, "maps defined by struct bpf_map_def in SEC(\"maps\") are not taken since libbpf 1.0; define them with __uint and __type in SEC(\".maps\").");
                case BtfData.SectionName when section.Type == ElfSectionType.ProgBits:
                    Btf = BtfData.Parse(section.Data);
                    break;
            }
        }

        if (Btf is not null && _sectionsByName.TryGetValue(BtfExtData.SectionName, out ElfSection? ext) && ext.Type == ElfSectionType.ProgBits)
            BtfExt = BtfExtData.Parse(ext.Data, Btf);
    }

    private void IndexSymbols()
    {
        foreach (ElfSymbol symbol in _symbols)
        {
            if (symbol.Type != ElfSymbolType.Object || symbol.IsUndefined || symbol.IsInReservedSection)
                continue;
            if (symbol.SectionIndex >= Elf.Sections.Count)
                throw SymbolError(symbol, $"it is said to be in section {symbol.SectionIndex} of {Elf.Sections.Count}.");

            // A global one is meant by BTF rather than a static one of the same name.
            (int, string) key = (symbol.SectionIndex, symbol.Name);
            if (!_variableSymbols.TryAdd(key, symbol) && _variableSymbols[key].Binding == ElfSymbolBinding.Local)
                _variableSymbols[key] = symbol;
        }
    }

    private BpfObjectFormatException SymbolError(ElfSymbol symbol, string problem) =>
        new(_symbolSection.Name, (long)symbol.Index * 24, $"symbol {symbol.Index} ('{symbol.Name}'): {problem}");

    private BtfData RequireBtf(string section, string forWhat) =>
        Btf ?? throw new BpfObjectFormatException(section, 0, $"{forWhat} need BTF, but the file has no .BTF. Compile it with clang -g.");
}
