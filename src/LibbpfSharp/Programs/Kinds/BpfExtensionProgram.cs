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
}
