using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Elf;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Formats.Objects;

// Functions, programs and the records of .BTF.ext that belong to them.
internal sealed partial class BpfObjectParser
{
    // How often over the functions of a section may cover its bytes; more is a file made to cost time.
    private const int MaxOverlap = 8;

    private readonly Dictionary<int, BpfFunctionSpec[]> _functionsBySection = [];

    private void ReadFunctions()
    {
        foreach (ElfSection section in Elf.Sections)
        {
            if (section.IsExecutable && HasContent(section) && section.Data.Length % BpfInstruction.SizeInBytes != 0)
                throw new BpfObjectFormatException(section.Name, section.Data.Length, $"{section.Data.Length} bytes are no program: an instruction has {BpfInstruction.SizeInBytes}.");
        }

        Dictionary<int, List<BpfFunctionSpec>> bySection = [];
        Dictionary<int, long> covered = [];
        foreach (ElfSymbol symbol in _symbols)
        {
            if (symbol.Type != ElfSymbolType.Function || symbol.IsUndefined || symbol.IsInReservedSection)
                continue;
            if (symbol.SectionIndex >= Elf.Sections.Count)
                throw SymbolError(symbol, $"it is said to be in section {symbol.SectionIndex} of {Elf.Sections.Count}.");
            ElfSection section = Elf.Sections[symbol.SectionIndex];
            if (!section.IsExecutable || !HasContent(section))
                continue;

            BpfFunctionSpec function = ReadFunction(symbol, section);
            long total = covered.GetValueOrDefault(section.Index) + (long)symbol.Size;
            if (total > (long)section.Data.Length * MaxOverlap)
                throw SymbolError(symbol, $"the functions of section {section} overlap.");
            covered[section.Index] = total;
            if (!bySection.TryGetValue(section.Index, out List<BpfFunctionSpec>? list))
                bySection.Add(section.Index, list = []);
            list.Add(function);
        }

        foreach ((int section, List<BpfFunctionSpec> list) in bySection.OrderBy(x => x.Key))
        {
            // A stable sort: of aliases the first symbol's goes first.
            BpfFunctionSpec[] sorted = [.. list.OrderBy(f => f.Start)];
            _functionsBySection.Add(section, sorted);
            Functions.AddRange(sorted);
            if (Elf.Sections[section].Name == TextSection)
                continue;
            foreach (BpfFunctionSpec function in sorted)
                Programs.Add(new(function, BpfSectionName.Parse(function.SectionName), Programs.Count));
        }
    }

    private BpfFunctionSpec ReadFunction(ElfSymbol symbol, ElfSection section)
    {
        if (symbol.Value > (ulong)section.Data.Length || symbol.Size > (ulong)section.Data.Length - symbol.Value)
            throw SymbolError(symbol, $"the function has 0x{symbol.Size:x} bytes at offset 0x{symbol.Value:x} of section {section}, which has 0x{section.Data.Length:x}.");
        if (symbol.Size == 0 || symbol.Size % BpfInstruction.SizeInBytes != 0 || symbol.Value % BpfInstruction.SizeInBytes != 0)
            throw SymbolError(symbol, $"the function has {symbol.Size} bytes at offset 0x{symbol.Value:x} of section {section}; instructions have {BpfInstruction.SizeInBytes}.");
        if (symbol.Binding == ElfSymbolBinding.Local && section.Name != TextSection)
            throw SymbolError(symbol, $"the function is static in section {section}: a program must not be static, and a subprogram must not have a SEC.");
        return new(symbol.Name, section.Name, section.Index, (int)(symbol.Value / BpfInstruction.SizeInBytes), section.Data.Slice((int)symbol.Value, (int)symbol.Size))
        {
            IsGlobal = symbol.Binding != ElfSymbolBinding.Local,
            IsHidden = symbol.IsHidden,
        };
    }

    /// <summary>The function that covers an instruction slot of a section, or null (code of an overridden weak function has no symbol).</summary>
    private BpfFunctionSpec? FindFunction(int section, long slot)
    {
        if (!_functionsBySection.TryGetValue(section, out BpfFunctionSpec[]? functions))
            return null;
        int low = 0;
        int high = functions.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (functions[middle].Start <= slot)
                low = middle;
            else
                high = middle - 1;
        }

        BpfFunctionSpec found = functions[low];
        return slot >= found.Start && slot < found.Start + found.Length ? found : null;
    }

    private void ReadBtfExt()
    {
        if (BtfExt is null)
            return;
        foreach (BtfExtSection<BtfFuncInfo> section in BtfExt.FuncInfo)
        {
            for (int i = 0; i < section.Records.Count; i++)
            {
                BtfFuncInfo info = section.Records[i];
                if (Place(section.SectionName, info.InstructionOffset, section.OffsetOf(i)) is { } function)
                    function.Add(info with { InstructionOffset = (info.InstructionOffset / BpfInstruction.SizeInBytes) - (uint)function.Start });
            }
        }

        foreach (BtfExtSection<BtfLineInfo> section in BtfExt.LineInfo)
        {
            for (int i = 0; i < section.Records.Count; i++)
            {
                BtfLineInfo info = section.Records[i];
                if (Place(section.SectionName, info.InstructionOffset, section.OffsetOf(i)) is { } function)
                    function.Add(info with { InstructionOffset = (info.InstructionOffset / BpfInstruction.SizeInBytes) - (uint)function.Start });
            }
        }

        foreach (BtfExtSection<CoreRelocation> section in BtfExt.CoreRelocations)
        {
            for (int i = 0; i < section.Records.Count; i++)
            {
                CoreRelocation relocation = section.Records[i];
                if (Place(section.SectionName, relocation.InstructionOffset, section.OffsetOf(i)) is { } function)
                    function.Add(relocation with { InstructionOffset = relocation.InstructionOffset - ((uint)function.Start * BpfInstruction.SizeInBytes) });
            }
        }
    }

    // Declaration tags on programs; like libbpf, which takes one tag, and a global function in .text.
    private void FindExceptionCallbacks()
    {
        const string Prefix = "exception_callback:";
        if (Btf is null || Programs.Count == 0)
            return;
        for (uint id = Btf.FirstId; id < Btf.TypeCount; id++)
        {
            BtfType tag = Btf[id];
            if (tag.Kind != BtfKind.DeclTag || tag.ComponentIndex != -1 || !tag.Name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            if (Programs.Find(p => p.Function.FuncInfo.Count > 0 && p.Function.FuncInfo[0].TypeId == tag.TypeId) is not { } program)
                continue;
            string name = tag.Name[Prefix.Length..];
            BpfFunctionSpec? callback = Functions.Find(f => f.Name == name && f.SectionName == TextSection);
            if (callback is not { IsGlobal: true } || program.ExceptionCallback is not null)
            {
                string problem = program.ExceptionCallback is not null ? "names a second" : callback is null ? "names an unknown" : "names a static";
                throw new BpfObjectFormatException(BtfData.SectionName, tag.SectionOffset, $"the declaration tag '{tag.Name}' {problem} exception callback for program '{program.Name}': it must be one global function in {TextSection}.");
            }

            program.ExceptionCallback = callback;
        }
    }

    private BpfFunctionSpec? Place(string sectionName, uint instructionOffset, long recordOffset)
    {
        if (instructionOffset % BpfInstruction.SizeInBytes != 0)
            throw new BpfObjectFormatException(BtfExtData.SectionName, recordOffset, $"the record is for offset 0x{instructionOffset:x} of section '{sectionName}', where no instruction begins.");

        // Records for a section that was stripped are of no use, and no harm.
        return _sectionsByName.TryGetValue(sectionName, out ElfSection? section)
            ? FindFunction(section.Index, instructionOffset / BpfInstruction.SizeInBytes)
            : null;
    }
}
