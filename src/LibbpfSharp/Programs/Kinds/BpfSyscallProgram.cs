namespace LibbpfSharp;

/// <summary>A program that user space runs (5.14).</summary>
public sealed class BpfSyscallProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfSyscallProgram(BpfProgram program)
        : base(program, "a syscall program", BpfProgramType.Syscall)
    {
    }

    /// <summary>Runs it.</summary>
    /// <param name="context">Handed to the program as its context; the kernel writes it back as the program left it. Empty for none.</param>
    /// <returns>What the program returned.</returns>
    /// <exception cref="BpfException">The kernel refused, or the program faulted.</exception>
    public uint Run(Memory<byte> context = default) => Program.TestRun(new BpfTestRunOptions { Context = context }).ReturnValue;
}
