using System.Text;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Formats.Objects;

// Maps of .maps, data sections, .kconfig and struct_ops.
internal sealed partial class BpfObjectParser
{
    private const uint TypeArray = 2;
    private const uint TypeStructOps = 26;
    private const uint FlagReadOnlyProgram = 1 << 7;
    private const uint FlagMmapable = 1 << 10;
    private const uint FlagLink = 1 << 13;

    private BpfMapSpec? _arena;

    private void ReadUserMaps()
    {
        if (_sectionsByName.TryGetValue(MapsSection, out ElfSection? section))
        {
            BtfData btf = RequireBtf(section.Name, "maps");
            BtfType dataSection = FindDataSection(btf, MapsSection)
                ?? throw new BpfObjectFormatException(BtfData.SectionName, 0, $"BTF has no section '{MapsSection}', but the file has. Compile it with clang -g.");
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach ((BtfType variable, ulong offset, uint size, _) in PlaceVariables(btf, dataSection, section))
            {
                BpfMapSpec map = ReadUserMap(btf, variable, section, offset, size);
                if (!names.Add(map.Name))
                    throw btf.Malformed(variable, $"there are two maps of the name '{map.Name}'.");
                Maps.Add(map);
                if (map.Type != BpfMapSpec.TypeArena)
                    continue;
                if (_arena is not null)
                    throw btf.Malformed(variable, $"map '{map.Name}' is an arena, but '{_arena.Name}' already is: an object can have one.");
                _arena = map;
            }
        }

        if (_arena is null && _sectionsByName.TryGetValue(ArenaSection, out ElfSection? variables) && HasContent(variables))
            throw new BpfObjectFormatException(ArenaSection, 0, "variables of an arena need a map of type BPF_MAP_TYPE_ARENA in SEC(\".maps\").");
    }

    private BpfMapSpec ReadUserMap(BtfData btf, BtfType variable, ElfSection section, ulong offset, uint size)
    {
        string name = variable.Name;
        if (name.Length == 0)
            throw btf.Malformed(variable, "a map has no name.");
        if (variable.Linkage != BtfLinkage.Global)
            throw btf.Malformed(variable, $"map '{name}' is {(variable.Linkage == BtfLinkage.Static ? "static" : "extern")}; a map must be a global variable.");
        BtfType definition = btf[btf.ResolveTypedefs(variable.TypeId)];
        if (definition.Kind != BtfKind.Struct)
            throw btf.Malformed(variable, $"map '{name}' is defined by {definition}, not by a struct.");
        if (definition.Size > size || offset > section.Size || size > section.Size - offset)
            throw btf.Malformed(variable, $"map '{name}' has {size} bytes at offset 0x{offset:x} of {MapsSection} (0x{section.Size:x} bytes), its definition {definition.Size}.");
        return BpfMapDefinition.Read(btf, name, definition, arenaData: GetArenaData(), variable, section.Index, offset, size);
    }

    private ReadOnlyMemory<byte> GetArenaData() =>
        _sectionsByName.TryGetValue(ArenaSection, out ElfSection? section) && section.Type == ElfSectionType.ProgBits ? section.Data : default;

    private void ReadDataMaps()
    {
        foreach (ElfSection section in Elf.Sections)
        {
            BpfMapSpecKind kind;
            if (section.Type == ElfSectionType.ProgBits && !section.IsExecutable && IsNamed(section, DataSection))
                kind = BpfMapSpecKind.Data;
            else if (section.Type == ElfSectionType.ProgBits && !section.IsExecutable && IsNamed(section, ReadOnlyDataSection))
                kind = BpfMapSpecKind.ReadOnlyData;
            else if (section.Type == ElfSectionType.NoBits && IsNamed(section, BssSection))
                kind = BpfMapSpecKind.Bss;
            else
                continue;
            if (section.Size == 0)
                continue;
            if (section.Size > int.MaxValue)
                throw ElfFile.HeaderError(section, 32, $"section {section} has 0x{section.Size:x} bytes; a map's value has at most {int.MaxValue}.");
            Maps.Add(MakeInternalMap(kind, section.Name, section.Index, (uint)section.Size, section.Data));
        }
    }

    private void AddKconfigMap()
    {
        uint size = 0;
        foreach (BpfExternSpec spec in Externs)
        {
            if (spec.Kind == BpfExternKind.Kconfig)
                size = spec.Offset + spec.Size;
        }

        if (size != 0)
            Maps.Add(MakeInternalMap(BpfMapSpecKind.Kconfig, BtfObjectFixup.KconfigSection, -1, size, default));
    }

    private BpfMapSpec MakeInternalMap(BpfMapSpecKind kind, string sectionName, int sectionIndex, uint size, ReadOnlyMemory<byte> data)
    {
        uint typeId = 0;
        uint flags = kind is BpfMapSpecKind.ReadOnlyData or BpfMapSpecKind.Kconfig ? FlagReadOnlyProgram : 0;
        if (Btf is not null && FindDataSection(Btf, sectionName) is { } dataSection)
        {
            typeId = dataSection.Id;
            if (HasVisibleVariable(Btf, dataSection, sectionIndex))
                flags |= FlagMmapable;
        }

        return new()
        {
            Name = GetInternalMapName(sectionName),
            SectionName = sectionName,
            Kind = kind,
            Type = TypeArray,
            KeySize = 4,
            ValueSize = size,
            MaxEntries = 1,
            Flags = flags,
            ValueTypeId = typeId,
            InitialData = data,
            SectionIndex = sectionIndex,
            SizeInSection = size,
        };
    }

    // libbpf maps a section into the process only if there is a variable in it that another file may name.
    private bool HasVisibleVariable(BtfData btf, BtfType dataSection, int sectionIndex)
    {
        foreach (BtfSectionVariable entry in dataSection.Variables)
        {
            BtfType variable = btf[entry.TypeId];
            if (variable.Kind != BtfKind.Var || variable.Linkage == BtfLinkage.Static)
                continue;
            if (!_variableSymbols.TryGetValue((sectionIndex, variable.Name), out ElfSymbol symbol) || !symbol.IsHidden)
                return true;
        }

        return false;
    }

    /// <summary>
    /// The name that libbpf gives the map of a section: the object's name cut so that at least seven characters remain for the
    /// section's; a section with a second dot in its name stands without the object's.
    /// </summary>
    private string GetInternalMapName(string section)
    {
        int suffix = Math.Min(Math.Max(7, section.Length), BpfObjectFile.MaxKernelNameLength);
        int prefix = section.IndexOf('.', 1) >= 0 ? 0 : Math.Min(BpfObjectFile.MaxKernelNameLength - suffix, _name.Length);
        StringBuilder name = new();
        name.Append(_name, 0, prefix).Append(section, 0, Math.Min(suffix, section.Length));
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('_' or '.'))
                name[i] = '_';
        }

        return name.ToString();
    }

    private void ReadStructOps()
    {
        foreach (ElfSection section in Elf.Sections)
        {
            string name = section.Name.TrimStart('?');
            if (name is not (".struct_ops" or ".struct_ops.link") || !HasContent(section) || section.IsExecutable)
                continue;
            BtfData btf = RequireBtf(section.Name, "struct_ops");
            BtfType dataSection = FindDataSection(btf, section.Name)
                ?? throw new BpfObjectFormatException(BtfData.SectionName, 0, $"BTF has no section '{section.Name}', but the file has. Compile it with clang -g.");
            foreach ((BtfType variable, ulong offset, uint size, _) in PlaceVariables(btf, dataSection, section))
            {
                BtfType type = btf[btf.ResolveTypedefs(variable.TypeId)];
                if (type.Kind != BtfKind.Struct || type.Name.Length == 0)
                    throw btf.Malformed(variable, $"struct_ops '{variable.Name}' is {type}, not a named struct.");
                if (offset > (ulong)section.Data.Length || type.Size > (ulong)section.Data.Length - offset)
                    throw btf.Malformed(variable, $"struct_ops '{variable.Name}' has {type.Size} bytes at offset 0x{offset:x} of {section} (0x{section.Data.Length:x} bytes).");
                Maps.Add(new()
                {
                    Name = variable.Name,
                    SectionName = section.Name,
                    Kind = BpfMapSpecKind.StructOps,
                    Type = TypeStructOps,
                    KeySize = 4,
                    ValueSize = type.Size,
                    MaxEntries = 1,
                    Flags = name == ".struct_ops.link" ? FlagLink : 0,
                    AutoCreate = section.Name[0] != '?',
                    ValueTypeId = type.Id,
                    VariableId = variable.Id,
                    InitialData = section.Data.Slice((int)offset, (int)type.Size),
                    SectionIndex = section.Index,
                    SectionOffset = offset,
                    SizeInSection = size,
                });
            }
        }
    }

    private static BtfType? FindDataSection(BtfData btf, string name) =>
        btf.TryFindByName(name, BtfKind.DataSec, out uint id) ? btf[id] : null;

    /// <summary>The variables of a section by offset. Clang leaves the offsets of global ones to their symbols.</summary>
    private List<(BtfType Variable, ulong Offset, uint Size, ElfSymbol? Symbol)> PlaceVariables(BtfData btf, BtfType dataSection, ElfSection section)
    {
        List<(BtfType Variable, ulong Offset, uint Size, ElfSymbol? Symbol)> placed = [];
        foreach (BtfSectionVariable entry in dataSection.Variables)
        {
            BtfType variable = btf[entry.TypeId];
            if (variable.Kind != BtfKind.Var)
                throw btf.Malformed(dataSection, $"its entry {variable} is not a variable.");
            if (_variableSymbols.TryGetValue((section.Index, variable.Name), out ElfSymbol symbol))
                placed.Add((variable, symbol.Value, entry.Size, symbol));
            else if (variable.Linkage == BtfLinkage.Static)
                placed.Add((variable, entry.Offset, entry.Size, null));
            else
                throw btf.Malformed(variable, $"the file has no symbol '{variable.Name}' in section {section}.");
        }

        return [.. placed.OrderBy(x => x.Offset)];
    }
}
