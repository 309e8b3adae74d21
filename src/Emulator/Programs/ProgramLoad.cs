using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>One BPF_PROG_LOAD while it is being decided.</summary>
internal sealed class ProgramLoad
{
    public required EmulatedKernel Kernel { get; init; }

    public required BpfProgramType Type { get; init; }

    public required ProgramKind Kind { get; init; }

    public BpfAttachType ExpectedAttachType { get; init; }

    public string Name { get; init; } = "";

    /// <summary>BPF_F_* of prog_flags.</summary>
    public uint Flags { get; init; }

    /// <summary>BPF_F_SLEEPABLE.</summary>
    public bool IsSleepable => (Flags & ProgramFlags.Sleepable) != 0;

    public bool IsGplCompatible { get; init; }

    public BpfInstruction[] Instructions { get; init; } = [];

    /// <summary>The program's BTF; null without.</summary>
    public BtfData? Btf { get; init; }

    public FunctionInfo[] FunctionInfos { get; init; } = [];

    /// <summary>First slot of the function that bpf_throw calls in the end; null for none of the program's own.</summary>
    public int? ExceptionCallback { get; init; }

    public SourceLines Lines { get; init; } = SourceLines.None;

    /// <summary>attach_btf_id: what a tracing or LSM program attaches to.</summary>
    public uint AttachBtfId { get; init; }

    /// <summary>The program that an extension or fentry attaches to; null for kernel functions.</summary>
    public EmulatedProgram? AttachProgram { get; init; }

    /// <summary>Address of the fd_array of the attributes; 0 without.</summary>
    public ulong FdArray { get; init; }

    /// <summary>Number of entries when fd_array_cnt was given.</summary>
    public uint FdArrayCount { get; init; }

    public required LoadLog Log { get; init; }

    /// <summary>Refuses the load.</summary>
    /// <param name="errno">As the kernel gives it.</param>
    /// <param name="slot">The instruction, or -1.</param>
    /// <param name="message">The kernel's words where it has some.</param>
    public LoadRefusedException Refuse(int errno, int slot, string message)
    {
        if (slot >= 0 && slot < Instructions.Length)
        {
            SourceLine line = Lines.Find(slot);
            if (line.Line > 0)
                Log.WriteLine($"; {line.Text?.Trim()} @ {Path.GetFileName(line.File)}:{line.Line}");
            BpfInstruction next = slot + 1 < Instructions.Length ? Instructions[slot + 1] : default;
            Log.WriteLine($"{slot}: ({Instructions[slot].Opcode:x2}) {BpfDisassembler.Format(Instructions[slot], next)}");
        }

        Log.WriteLine(message);
        return new LoadRefusedException(errno, message);
    }

    /// <summary>struct bpf_func_info.</summary>
    internal readonly record struct FunctionInfo(int Slot, uint TypeId);
}
