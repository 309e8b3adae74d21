namespace LibbpfSharp;

/// <summary>A program that replaces a global function of another program (freplace, 5.6).</summary>
public sealed class BpfExtensionProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfExtensionProgram(BpfProgram program)
        : base(program, "an extension", BpfProgramType.Ext)
    {
    }

    /// <summary>Attaches as the section name says: the function and program it was loaded for.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to a function of another program than it was loaded for, with the same prototype (5.10).</summary>
    /// <param name="target">The program whose function is replaced; it must have BTF.</param>
    /// <param name="function">The global function.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(BpfProgram target, string function) => TracingAttach.Function(Program, target, function);
}
