namespace LibbpfSharp;

/// <summary>A program on a security hook (5.7).</summary>
public sealed class BpfLsmProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfLsmProgram(BpfProgram program)
        : base(program, "an LSM program", BpfProgramType.Lsm)
    {
        RequireAttachType("an LSM program of the whole system", BpfAttachType.LsmMac);
    }

    /// <summary>Attaches as the section name says: lsm/HOOK.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();
}
