using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>An instruction that is about to run.</summary>
public readonly unsafe ref struct EmulatedStep
{
    private readonly RunContext _run;
    private readonly ulong* _registers;

    internal EmulatedStep(RunContext run, int slot, ulong* registers)
    {
        _run = run;
        _registers = registers;
        InstructionIndex = slot;
    }

    /// <summary>Name of the program.</summary>
    public string Program => _run.Program.Name;

    /// <summary>Id of the program.</summary>
    public uint ProgramId => _run.Program.Id;

    /// <summary>Index of the instruction in 8-byte slots.</summary>
    public int InstructionIndex { get; }

    /// <summary>Nested calls: 0 in the main function.</summary>
    public int Depth => _run.Depth;

    /// <summary>The virtual CPU.</summary>
    public int Cpu => _run.Kernel.Facts.PossibleCpus[_run.Cpu];

    /// <summary>The instruction as it was loaded.</summary>
    public BpfInstruction Instruction => _run.Program.Code.Instructions[InstructionIndex];

    /// <summary>The instruction as the verifier prints it. Made when asked for.</summary>
    public string Text => FaultReport.Disassemble(_run.Program.Code, InstructionIndex);

    /// <summary>C file; empty without line info.</summary>
    public string File => _run.Program.Code.Lines.Find(InstructionIndex).File ?? "";

    /// <summary>C line from 1; 0 without line info.</summary>
    public int Line => _run.Program.Code.Lines.Find(InstructionIndex).Line;

    /// <summary>Text of the C line; empty without line info.</summary>
    public string SourceText => _run.Program.Code.Lines.Find(InstructionIndex).Text ?? "";

    /// <summary>Registers that the instruction reads, a bit each; of a helper's arguments those that it takes.</summary>
    public int RegistersRead => RegisterUse.ReadsOf(_run, Instruction);

    /// <summary>A register before the instruction.</summary>
    /// <param name="index">0 to 10.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are registers 0 to 10.</exception>
    public ulong Register(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 10u, nameof(index));
        return _registers[index];
    }
}
