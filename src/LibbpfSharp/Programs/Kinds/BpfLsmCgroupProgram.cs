namespace LibbpfSharp;

/// <summary>A program on a security hook for the processes of a cgroup only (6.0; SEC("lsm_cgroup/HOOK")).</summary>
public sealed class BpfLsmCgroupProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type, or was loaded for the whole system (EINVAL).</exception>
    public BpfLsmCgroupProgram(BpfProgram program)
        : base(program, "an LSM program of a cgroup", BpfProgramType.Lsm)
    {
        RequireAttachType("an LSM program of a cgroup", BpfAttachType.LsmCgroup);
    }

    /// <summary>Attaches to a cgroup; several programs can be attached to one.</summary>
    /// <param name="cgroupPath">Path of the cgroup in cgroup2.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string cgroupPath) => CgroupAttach.Link(Program, cgroupPath, BpfAttachType.LsmCgroup, default, 0);
}
