using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A wrong step of a BPF program on the emulator: what, where, and on which memory. The run ended there; bpf(2) reports it
/// as EFAULT (14), and <c>EmulatedKernel.LastFault</c> has this.
/// </summary>
public sealed class BpfProgramFault
{
    /// <summary>What went wrong.</summary>
    public required BpfFaultKind Kind { get; init; }

    /// <summary>One sentence on what went wrong and, where it is known, the remedy.</summary>
    public required string Message { get; init; }

    /// <summary>Name of the program that ran.</summary>
    public string Program { get; init; } = "";

    /// <summary>Id of the program that ran.</summary>
    public uint ProgramId { get; init; }

    /// <summary>Name of the function (main program or subprogram) from BTF; empty without.</summary>
    public string Function { get; init; } = "";

    /// <summary>Index of the instruction in the program as loaded, in 8-byte slots; -1 if none was running.</summary>
    public int InstructionIndex { get; init; } = -1;

    /// <summary>The instruction as the kernel's verifier prints it.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>C source file from BTF line info; empty without.</summary>
    public string File { get; init; } = "";

    /// <summary>C line, counted from 1; 0 without line info.</summary>
    public int Line { get; init; }

    /// <summary>C column, counted from 1; 0 without line info.</summary>
    public int Column { get; init; }

    /// <summary>The C line's text; empty without line info.</summary>
    public string SourceText { get; init; } = "";

    /// <summary>The address accessed, as the program holds it; 0 if the fault is no access.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes accessed; 0 if the fault is no access.</summary>
    public int AccessSize { get; init; }

    /// <summary>True for a store.</summary>
    public bool IsWrite { get; init; }

    /// <summary>The memory that the address points into or near, such as "value of map counts"; empty if none.</summary>
    public string Region { get; init; } = "";

    /// <summary>Offset of the access in that memory, in bytes.</summary>
    public long RegionOffset { get; init; }

    /// <summary>Length of that memory in bytes.</summary>
    public long RegionLength { get; init; }

    /// <summary>Registers r0 to r10 of the function that faulted; empty unless diagnosis was asked for.</summary>
    public IReadOnlyList<ulong> Registers { get; init; } = [];

    /// <summary>What happened before, the latest last: calls of helpers and regions opened; empty unless diagnosis was asked for.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>The functions that were running, innermost first, as "name at file:line".</summary>
    public IReadOnlyList<string> CallStack { get; init; } = [];

    /// <summary>The fault in a few lines, as a log would show it.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Kind).Append(": ").Append(Message);
        text.Append("\n  program ").Append(Program.Length > 0 ? Program : "(unnamed)");
        if (Function.Length > 0 && Function != Program)
            text.Append(", function ").Append(Function);
        if (InstructionIndex >= 0)
            text.Append(", instruction ").Append(InstructionIndex).Append(": ").Append(Instruction);
        if (Line > 0)
            text.Append("\n  at ").Append(File).Append(':').Append(Line).Append(": ").Append(SourceText.Trim());
        if (AccessSize > 0)
        {
            text.Append("\n  ").Append(IsWrite ? "write" : "read").Append(" of ").Append(AccessSize).Append(" bytes at 0x")
                .Append(Address.ToString("x16"));
            if (Region.Length > 0)
                text.Append(", offset ").Append(RegionOffset).Append(" of ").Append(Region).Append(" (").Append(RegionLength).Append(" bytes)");
        }

        for (int i = 0; i < Registers.Count; i++)
            text.Append(i % 4 == 0 ? "\n  " : " ").Append('r').Append(i).Append("=0x").Append(Registers[i].ToString("x"));
        foreach (string frame in CallStack)
            text.Append("\n  in ").Append(frame);
        foreach (string line in History)
            text.Append("\n  before: ").Append(line);
        return text.ToString();
    }
}
