using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Formats.Objects;

/// <summary>Completes an object's BTF with what only its ELF symbols say.</summary>
internal static class BpfLoadableBtf
{
    public static BtfData Make(BpfObjectFile file)
    {
        Dictionary<string, uint> offsets = new(StringComparer.Ordinal);
        uint size = 0;
        foreach (BpfExternSpec value in file.Externs)
        {
            if (value.Kind == BpfExternKind.Kconfig)
            {
                offsets[value.Name] = value.Offset;
                size = value.Offset + value.Size;
            }
        }

        BtfData fixedUp = BtfObjectFixup.Fix(file.Btf!, new Symbols(file), offsets.Count == 0 ? null : offsets, size);
        HashSet<string> hidden = new(StringComparer.Ordinal);
        foreach (BpfFunctionSpec function in file.Functions)
        {
            if (function is { IsGlobal: true, IsHidden: true, SectionName: BpfObjectParser.TextSection })
                hidden.Add(function.Name);
        }

        if (hidden.Count == 0)
            return fixedUp;
        BtfBuilder builder = BtfBuilder.From(fixedUp);
        for (uint id = fixedUp.FirstId; id < fixedUp.TypeCount; id++)
        {
            BtfType type = fixedUp[id];
            if (type.Kind == BtfKind.Func && type.Linkage == BtfLinkage.Global && hidden.Contains(type.Name))
                builder.SetInfo(id, BtfKind.Func, (int)BtfLinkage.Static, false);
        }

        return builder.Build();
    }

    private sealed class Symbols : BtfObjectFixup.IObjectSymbols
    {
        private readonly BpfObjectFile _file;
        private readonly Dictionary<(int Section, string Name), BtfObjectFixup.Symbol> _symbols = [];

        public Symbols(BpfObjectFile file)
        {
            _file = file;
            foreach (ElfSection table in file.Elf.Sections)
            {
                if (table.Type != ElfSectionType.SymbolTable)
                    continue;
                foreach (ElfSymbol symbol in file.Elf.GetSymbols(table))
                {
                    if (symbol.Type == ElfSymbolType.Object && symbol.Binding != ElfSymbolBinding.Local && symbol.Value <= uint.MaxValue)
                        _symbols.TryAdd((symbol.SectionIndex, symbol.Name), new((uint)symbol.Value, symbol.IsHidden));
                }
            }
        }

        public bool TryGetSectionSize(string section, out uint size)
        {
            ElfSection? found = _file.Elf.FindSection(section);
            size = found is null || found.Size > uint.MaxValue ? 0 : (uint)found.Size;
            return size != 0;
        }

        public bool TryGetSymbol(string section, string variable, out BtfObjectFixup.Symbol symbol)
        {
            symbol = default;
            return _file.Elf.FindSection(section) is { } found && _symbols.TryGetValue((found.Index, variable), out symbol);
        }
    }
}
