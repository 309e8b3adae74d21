using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Formats.Objects;

// Global and static variables.
internal sealed partial class BpfObjectParser
{
    private void ReadVariables()
    {
        foreach (BpfMapSpec map in Maps)
        {
            if (map.Kind == BpfMapSpecKind.Kconfig)
                AddKconfigVariables(map);
            else if (map.IsInternal)
                AddVariables(map, Elf.Sections[map.SectionIndex], map.ValueTypeId);
            else if (map == _arena && map.InitialData.Length > 0)
                AddVariables(map, _sectionsByName[ArenaSection], Btf is not null && FindDataSection(Btf, ArenaSection) is { } section ? section.Id : 0);
        }
    }

    private void AddKconfigVariables(BpfMapSpec map)
    {
        foreach (BpfExternSpec spec in Externs)
        {
            if (spec.Kind == BpfExternKind.Kconfig)
            {
                Variables.Add(new()
                {
                    Name = spec.Name,
                    SectionName = map.SectionName,
                    Map = map,
                    Offset = spec.Offset,
                    Size = spec.Size,
                    TypeId = Btf![spec.BtfId].TypeId,
                    VariableId = spec.BtfId,
                    IsWeak = spec.IsWeak,
                });
            }
        }
    }

    private void AddVariables(BpfMapSpec map, ElfSection section, uint dataSectionId)
    {
        if (Btf is null || dataSectionId == 0)
        {
            AddVariablesWithoutBtf(map, section);
            return;
        }

        foreach ((BtfType variable, ulong offset, uint size, ElfSymbol? symbol) in PlaceVariables(Btf, Btf[dataSectionId], section))
        {
            if (offset > section.Size || size > section.Size - offset)
                throw Btf.Malformed(variable, $"variable '{variable.Name}' has {size} bytes at offset 0x{offset:x} of section {section}, which has 0x{section.Size:x}.");
            Variables.Add(new()
            {
                Name = variable.Name,
                SectionName = section.Name,
                Map = map,
                Offset = (uint)offset,
                Size = size,
                TypeId = variable.TypeId,
                VariableId = variable.Id,
                IsStatic = variable.Linkage == BtfLinkage.Static,
                IsWeak = symbol is { Binding: ElfSymbolBinding.Weak },
                IsHidden = symbol is { IsHidden: true },
            });
        }
    }

    private void AddVariablesWithoutBtf(BpfMapSpec map, ElfSection section)
    {
        foreach (ElfSymbol symbol in _symbols)
        {
            if (symbol.Type != ElfSymbolType.Object || symbol.SectionIndex != section.Index)
                continue;
            if (symbol.Value > section.Size || symbol.Size > section.Size - symbol.Value)
                throw SymbolError(symbol, $"it has 0x{symbol.Size:x} bytes at offset 0x{symbol.Value:x} of section {section}, which has 0x{section.Size:x}.");
            Variables.Add(new()
            {
                Name = symbol.Name,
                SectionName = section.Name,
                Map = map,
                Offset = (uint)symbol.Value,
                Size = (uint)symbol.Size,
                IsStatic = symbol.Binding == ElfSymbolBinding.Local,
                IsWeak = symbol.Binding == ElfSymbolBinding.Weak,
                IsHidden = symbol.IsHidden,
            });
        }
    }
}
