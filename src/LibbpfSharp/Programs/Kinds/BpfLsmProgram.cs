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
    }

    /// <summary>Attaches as the section name says: lsm/HOOK.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches for the processes of a cgroup only (6.0; SEC("lsm_cgroup/HOOK")).</summary>
    /// <param name="cgroupPath">Path of the cgroup in cgroup2.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachCgroup(string cgroupPath) => CgroupAttach.Link(Program, cgroupPath, BpfAttachType.LsmCgroup, default, 0);
}
