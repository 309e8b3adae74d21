using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Formats.Objects;

/// <summary>A program together with all subprograms it reaches, ready but for maps, externs and CO-RE.</summary>
public sealed class BpfLinkedProgram
{
    internal BpfLinkedProgram(
        BpfProgramSpec program,
        BpfInstruction[] instructions,
        IReadOnlyList<BpfSubprogram> functions,
        IReadOnlyList<BpfRelocation> relocations,
        BtfFuncInfo[] funcInfo,
        BtfLineInfo[] lineInfo,
        IReadOnlyList<CoreRelocation> coreRelocations)
    {
        Program = program;
        Instructions = instructions;
        Functions = functions;
        Relocations = relocations;
        FuncInfo = funcInfo;
        LineInfo = lineInfo;
        CoreRelocations = coreRelocations;
    }

    /// <summary>The program.</summary>
    public BpfProgramSpec Program { get; }

    /// <summary>Its instructions, a copy that the caller may change. Calls and addresses of subprograms are final.</summary>
    public BpfInstruction[] Instructions { get; }

    /// <summary>The functions in the order of their code; the first one is the program's own.</summary>
    public IReadOnlyList<BpfSubprogram> Functions { get; }

    /// <summary>What the loader has to put in: maps, values, externs; indexes are into <see cref="Instructions"/>.</summary>
    public IReadOnlyList<BpfRelocation> Relocations { get; }

    /// <summary>BTF of the functions for the kernel (func_info); empty if any of them has none.</summary>
    public BtfFuncInfo[] FuncInfo { get; }

    /// <summary>Source lines for the kernel (line_info); empty if the program's own function has none.</summary>
    public BtfLineInfo[] LineInfo { get; }

    /// <summary>CO-RE relocations; offsets are bytes from the start of <see cref="Instructions"/>.</summary>
    public IReadOnlyList<CoreRelocation> CoreRelocations { get; }

    /// <summary>The source line that an instruction comes from.</summary>
    /// <param name="index">Index of a slot.</param>
    /// <returns>The last line that begins at the slot or before it; null if there is none.</returns>
    public BtfLineInfo? GetLineAt(int index) => BtfLineInfo.LastUpTo(LineInfo, index);

    /// <summary>The function that an instruction belongs to.</summary>
    /// <param name="index">Index of a slot.</param>
    /// <returns>The function and where it starts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    public BpfSubprogram GetFunctionAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Instructions.Length, nameof(index));
        BpfSubprogram found = Functions[0];
        foreach (BpfSubprogram function in Functions)
        {
            if (function.Start <= index)
                found = function;
        }

        return found;
    }
}
