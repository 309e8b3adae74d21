using System.Runtime.InteropServices;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Formats.Objects;

/// <summary>A function of an object file as the compiler left it: the entry point of a program, or a subprogram in .text.</summary>
public sealed class BpfFunctionSpec
{
    private readonly List<BpfRelocation> _relocations = [];
    private readonly List<BtfFuncInfo> _funcInfo = [];
    private readonly List<BtfLineInfo> _lineInfo = [];
    private readonly List<CoreRelocation> _coreRelocations = [];
    private readonly ReadOnlyMemory<byte> _code;

    internal BpfFunctionSpec(string name, string sectionName, int sectionIndex, int start, ReadOnlyMemory<byte> code)
    {
        Name = name;
        SectionName = sectionName;
        SectionIndex = sectionIndex;
        Start = start;
        _code = code;
    }

    /// <summary>C name.</summary>
    public string Name { get; }

    /// <summary>Name of its section.</summary>
    public string SectionName { get; }

    /// <summary>Index of its first instruction slot in the section.</summary>
    public int Start { get; }

    /// <summary>Number of instruction slots.</summary>
    public int Length => _code.Length / BpfInstruction.SizeInBytes;

    /// <summary>True if the symbol is global or weak: the verifier then checks the function on its own, by its prototype.</summary>
    public bool IsGlobal { get; internal init; }

    /// <summary>True if the symbol is hidden or internal: a global function that the verifier shall treat as static.</summary>
    public bool IsHidden { get; internal init; }

    /// <summary>The instructions, not linked, not relocated.</summary>
    public ReadOnlySpan<BpfInstruction> Instructions => MemoryMarshal.Cast<byte, BpfInstruction>(_code.Span);

    /// <summary>What the instructions refer to, by instruction index.</summary>
    public IReadOnlyList<BpfRelocation> Relocations => _relocations;

    /// <summary>BTF of the functions that start here, normally one; offsets are slots from the start of the function.</summary>
    public IReadOnlyList<BtfFuncInfo> FuncInfo => _funcInfo;

    /// <summary>Source lines; offsets are slots from the start of the function.</summary>
    public IReadOnlyList<BtfLineInfo> LineInfo => _lineInfo;

    /// <summary>The source line that an instruction comes from.</summary>
    /// <param name="index">Index of a slot, from the function's start.</param>
    /// <returns>The last line that begins at the slot or before it; null if there is none.</returns>
    public BtfLineInfo? GetLineAt(int index) => BtfLineInfo.LastUpTo(_lineInfo, index);

    /// <summary>CO-RE relocations; offsets are bytes from the start of the function.</summary>
    public IReadOnlyList<CoreRelocation> CoreRelocations => _coreRelocations;

    internal int SectionIndex { get; }

    /// <summary>For people.</summary>
    /// <returns>Section and name.</returns>
    public override string ToString() => $"{SectionName}: {Name}";

    internal void Add(BpfRelocation relocation) => _relocations.Add(relocation);

    internal void Add(BtfFuncInfo info) => _funcInfo.Add(info);

    internal void Add(BtfLineInfo info) => _lineInfo.Add(info);

    internal void Add(CoreRelocation relocation) => _coreRelocations.Add(relocation);

    internal void SortRelocations() => _relocations.Sort((a, b) => a.InstructionIndex.CompareTo(b.InstructionIndex));
}
