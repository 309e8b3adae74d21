using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Elf;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Formats.Objects;

// Relocations of code, of map definitions and of struct_ops.
internal sealed partial class BpfObjectParser
{
    private readonly Dictionary<int, BpfMapSpec> _mapsByDataSection = [];
    private readonly Dictionary<ulong, BpfMapSpec> _userMapsByOffset = [];

    private void ReadRelocations()
    {
        foreach (BpfMapSpec map in Maps)
        {
            if (map.Kind == BpfMapSpecKind.User)
                _userMapsByOffset[map.SectionOffset] = map;
            else if (map.IsInternal && map.SectionIndex >= 0)
                _mapsByDataSection[map.SectionIndex] = map;
        }

        foreach (ElfSection section in Elf.Sections)
        {
            if (section.Type is not (ElfSectionType.Relocations or ElfSectionType.RelocationsWithAddends))
                continue;
            if (section.Info == 0 || section.Info >= (uint)Elf.Sections.Count)
                throw ElfFile.HeaderError(section, 44, $"section {section} relocates section {section.Info} of {Elf.Sections.Count}.");
            ElfSection target = Elf.Sections[(int)section.Info];
            bool code = target.IsExecutable && HasContent(target);
            bool structOps = target.Name.TrimStart('?') is ".struct_ops" or ".struct_ops.link";
            if (!code && !structOps && target.Name != MapsSection)
                continue; // debug information, BTF
            if (section.Type == ElfSectionType.RelocationsWithAddends)
                throw ElfFile.HeaderError(section, 4, $"section {section} has relocations with addends, which BPF does not have.");

            IReadOnlyList<ElfRelocation> relocations = Elf.GetRelocations(section);
            for (int i = 0; i < relocations.Count; i++)
            {
                if (relocations[i].SymbolIndex >= (uint)_symbols.Count)
                    throw new BpfObjectFormatException(section.Name, i * 16L, $"relocation {i} is against symbol {relocations[i].SymbolIndex} of {_symbols.Count}.");
                ElfSymbol symbol = _symbols[(int)relocations[i].SymbolIndex];
                RelocationContext context = new(section, i, relocations[i].Offset, target, symbol);
                if (code)
                    RelocateCode(context);
                else if (structOps)
                    RelocateStructOps(context);
                else
                    RelocateMapDefinition(context);
            }
        }

        foreach (BpfMapSpec map in Maps)
            map.SortSlots();
        foreach (BpfFunctionSpec function in Functions)
        {
            function.SortRelocations();
            AddDirectCalls(function);
        }
    }

    private void RelocateCode(RelocationContext context)
    {
        if (context.Offset % BpfInstruction.SizeInBytes != 0 || context.Offset >= (ulong)context.Target.Data.Length)
            throw context.Error($"is for offset 0x{context.Offset:x}, where section {context.Target} has no instruction.");
        int slot = (int)(context.Offset / BpfInstruction.SizeInBytes);
        if (FindFunction(context.Target.Index, slot) is not { } function)
            return; // code of a weak function that another definition replaced

        int index = slot - function.Start;
        BpfInstruction instruction = function.Instructions[index];
        bool call = instruction.Opcode == (BpfOpcode.Jmp | BpfOpcode.Call);
        if (!call && (!instruction.IsLoadImm64 || index + 1 >= function.Length))
            throw context.Error($"is for instruction {index} of '{function.Name}', which is neither a call nor a 64-bit immediate load: {instruction}.");
        function.Add(call ? RelocateCall(context, index, instruction) : RelocateLoad(context, index, instruction));
    }

    private BpfRelocation RelocateCall(RelocationContext context, int index, BpfInstruction instruction)
    {
        ElfSymbol symbol = context.Symbol;
        if (_externsBySymbol.TryGetValue(symbol.Index, out BpfExternSpec? external))
        {
            return external.Kind == BpfExternKind.Kfunc
                ? new(index, BpfRelocationKind.Kfunc) { Extern = external }
                : throw context.Error($"calls '{external.Name}', which is declared as a variable, not as a function.");
        }

        if (instruction.Src != BpfPseudo.Call)
            throw context.Error($"is for a call of a helper, which needs none: {instruction}.");
        if (!IsText(symbol))
            throw context.Error($"calls '{symbol.Name}', which is not in {TextSection}: a function that is called must have no SEC, and one with a SEC must not be called.");

        // A call of a global function has -1 as immediate; for a static one the symbol is the section, the immediate says where.
        long slot = (long)(symbol.Value / BpfInstruction.SizeInBytes) + instruction.Immediate + 1;
        return new(index, BpfRelocationKind.Call) { Function = FindStart(slot) ?? throw context.Error($"calls instruction {slot} of {TextSection}, where no function begins.") };
    }

    private BpfRelocation RelocateLoad(RelocationContext context, int index, BpfInstruction instruction)
    {
        ElfSymbol symbol = context.Symbol;
        if (_externsBySymbol.TryGetValue(symbol.Index, out BpfExternSpec? external))
        {
            return external.Kind == BpfExternKind.Kconfig
                ? new(index, BpfRelocationKind.Kconfig) { Extern = external, Map = Maps.Find(m => m.Kind == BpfMapSpecKind.Kconfig), Offset = (int)external.Offset }
                : new(index, BpfRelocationKind.KernelSymbol) { Extern = external };
        }

        if (symbol.IsUndefined || symbol.IsInReservedSection || symbol.SectionIndex >= Elf.Sections.Count)
            throw context.Error($"is against '{symbol.Name}', which is in no section (0x{symbol.SectionIndex:x}). Was a global variable not initialized, or an extern not declared with __ksym or __kconfig?");
        if (IsText(symbol))
        {
            // As for calls, but the immediate is in bytes.
            long offset = (long)symbol.Value + instruction.Immediate;
            BpfFunctionSpec? function = offset % BpfInstruction.SizeInBytes == 0 ? FindStart(offset / BpfInstruction.SizeInBytes) : null;
            return new(index, BpfRelocationKind.FunctionAddress) { Function = function ?? throw context.Error($"takes the address of offset 0x{offset:x} of {TextSection}, where no function begins.") };
        }

        ElfSection section = Elf.Sections[symbol.SectionIndex];
        if (section.Name == MapsSection)
        {
            return _userMapsByOffset.TryGetValue(symbol.Value, out BpfMapSpec? map)
                ? new(index, BpfRelocationKind.Map) { Map = map }
                : throw context.Error($"is against offset 0x{symbol.Value:x} of {MapsSection}, where no map begins.");
        }

        if (section.Name == ArenaSection && _arena is not null)
            return MakeMapValue(context, index, instruction, _arena, section);
        if (_mapsByDataSection.TryGetValue(section.Index, out BpfMapSpec? data))
            return MakeMapValue(context, index, instruction, data, section);
        throw context.Error(section.Name == JumpTablesSection
            ? "is against a table of jumps, which is not supported. Compile with -fno-jump-tables."
            : $"is against '{symbol.Name}' in section {section}, which holds neither maps nor data.");
    }

    private static BpfRelocation MakeMapValue(RelocationContext context, int index, BpfInstruction instruction, BpfMapSpec map, ElfSection section)
    {
        // The end of a section is a valid address: a program may compare with it.
        long offset = (long)context.Symbol.Value + instruction.Immediate;
        if (context.Symbol.Value > section.Size || offset < 0 || offset > (long)section.Size)
            throw context.Error($"is against offset 0x{offset:x} of section {section}, which has 0x{section.Size:x} bytes.");
        return new(index, BpfRelocationKind.MapValue) { Map = map, Offset = (int)offset };
    }

    private void RelocateMapDefinition(RelocationContext context)
    {
        BtfData btf = RequireBtf(MapsSection, "maps");
        BpfMapSpec map = Maps.Find(m => m.Kind == BpfMapSpecKind.User && Covers(m, context.Offset, 8))
            ?? throw context.Error($"is for offset 0x{context.Offset:x} of {MapsSection}, where no map is.");
        BtfType definition = btf[btf.ResolveTypedefs(btf[map.VariableId].TypeId)];
        BtfMember last = definition.Members[definition.VariableLength - 1];
        ulong offset = context.Offset - map.SectionOffset;
        ulong values = last.BitOffset / 8;
        if (last.Name != "values" || offset < values || (offset - values) % 8 != 0)
            throw context.Error($"is for offset {offset} of map '{map.Name}', where no slot of 'values' is.");
        uint slot = (uint)((offset - values) / 8);
        string name = context.Symbol.Name;
        BpfMapSlot entry;
        if (map.InnerMap is null)
        {
            BpfProgramSpec program = Programs.Find(p => p.Name == name && p.Function.SectionIndex == context.Symbol.SectionIndex)
                ?? throw context.Error($"puts '{name}' into program array '{map.Name}', but it is no program.");
            entry = new(slot, null, program);
        }
        else
        {
            BpfMapSpec inner = Maps.Find(m => m.Kind == BpfMapSpecKind.User && m.Name == name)
                ?? throw context.Error($"puts '{name}' into map of maps '{map.Name}', but it is no map.");
            if (map.KeySize != 4)
                throw context.Error($"fills a slot of map '{map.Name}' by number, but its keys have {map.KeySize} bytes, not 4.");
            entry = new(slot, inner, null);
        }

        map.AddSlot(entry);
    }

    private void RelocateStructOps(RelocationContext context)
    {
        BpfMapSpec map = Maps.Find(m => m.Kind == BpfMapSpecKind.StructOps && m.SectionIndex == context.Target.Index && Covers(m, context.Offset, 8))
            ?? throw context.Error($"is for offset 0x{context.Offset:x} of {context.Target}, where no struct is.");
        ulong offset = context.Offset - map.SectionOffset;
        BtfType type = Btf![map.ValueTypeId];
        for (int i = 0; i < type.VariableLength; i++)
        {
            BtfMember member = type.Members[i];
            if (member.BitOffset != offset * 8 || member.BitfieldSize != 0)
                continue;
            BtfType pointer = Btf[Btf.ResolveTypedefs(member.TypeId)];
            if (pointer.Kind != BtfKind.Ptr || Btf[Btf.ResolveTypedefs(pointer.TypeId)].Kind != BtfKind.FuncProto)
                throw context.Error($"sets member '{member.Name}' of '{map.Name}', which is no pointer to a function.");
            ulong start = context.Symbol.Value / BpfInstruction.SizeInBytes;
            BpfProgramSpec program = Programs.Find(p => p.Function.SectionIndex == context.Symbol.SectionIndex && (ulong)p.Function.Start == start)
                ?? throw context.Error($"sets member '{member.Name}' of '{map.Name}' to '{context.Symbol.Name}', which is no program.");
            map.AddProgram(new(member.Name, i, (int)offset, program));
            return;
        }

        throw context.Error($"is for offset {offset} of struct_ops '{map.Name}', where no member is.");
    }

    // A call of a static function in the same section has no relocation: the immediate is the distance.
    private void AddDirectCalls(BpfFunctionSpec function)
    {
        ReadOnlySpan<BpfInstruction> instructions = function.Instructions;
        List<BpfRelocation>? calls = null;
        int next = 0;
        for (int i = 0; i < instructions.Length; i++)
        {
            while (next < function.Relocations.Count && function.Relocations[next].InstructionIndex < i)
                next++;
            bool relocated = next < function.Relocations.Count && function.Relocations[next].InstructionIndex == i;
            BpfInstruction instruction = instructions[i];
            if (instruction.IsPseudoCall && !relocated)
            {
                long slot = (long)function.Start + i + instruction.Immediate + 1;
                BpfFunctionSpec callee = (function.SectionName == TextSection ? FindStart(slot) : null)
                    ?? throw new BpfObjectFormatException(function.SectionName, ((long)function.Start + i) * BpfInstruction.SizeInBytes, $"instruction {i} of '{function.Name}' calls instruction {slot} of section '{function.SectionName}', where no subprogram begins.");
                (calls ??= []).Add(new(i, BpfRelocationKind.Call) { Function = callee });
            }

            if (instruction.IsLoadImm64)
                i++;
        }

        if (calls is null)
            return;
        foreach (BpfRelocation call in calls)
            function.Add(call);
        function.SortRelocations();
    }

    private bool IsText(ElfSymbol symbol) =>
        !symbol.IsUndefined && symbol.SectionIndex < Elf.Sections.Count && Elf.Sections[symbol.SectionIndex].Name == TextSection;

    private BpfFunctionSpec? FindStart(long slot) =>
        _sectionsByName.TryGetValue(TextSection, out ElfSection? text) && FindFunction(text.Index, slot) is { } function && function.Start == slot ? function : null;

    private static bool Covers(BpfMapSpec map, ulong offset, uint size) =>
        offset >= map.SectionOffset && offset - map.SectionOffset <= map.SizeInSection && map.SizeInSection - (offset - map.SectionOffset) >= size;

    private readonly record struct RelocationContext(ElfSection Section, int Index, ulong Offset, ElfSection Target, ElfSymbol Symbol)
    {
        public BpfObjectFormatException Error(string problem) => new(Section.Name, Index * 16L, $"relocation {Index} {problem}");
    }
}
