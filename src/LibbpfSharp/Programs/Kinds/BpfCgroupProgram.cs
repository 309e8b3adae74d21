namespace LibbpfSharp;

/// <summary>A program on a cgroup of version 2: packets, sockets, addresses, options, sysctl, devices, TCP operations.</summary>
public sealed class BpfCgroupProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfCgroupProgram(BpfProgram program)
        : base(program, "a cgroup program", BpfProgramType.CgroupSkb, BpfProgramType.CgroupSock, BpfProgramType.CgroupSockAddr, BpfProgramType.CgroupSockopt, BpfProgramType.CgroupSysctl, BpfProgramType.CgroupDevice, BpfProgramType.SockOps)
    {
    }

    /// <summary>Attaches with a link (5.7): Dispose detaches.</summary>
    /// <param name="cgroupPath">Path of the cgroup in cgroup2.</param>
    /// <param name="attachType">Where; null for what the program was loaded for.</param>
    /// <param name="anchor">Its place among the others (6.17).</param>
    /// <param name="expectedRevision">Fail with ESTALE unless the list has this revision (6.17); 0 for any.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string cgroupPath, BpfAttachType? attachType = null, BpfAnchor anchor = default, ulong expectedRevision = 0) =>
        CgroupAttach.Link(Program, cgroupPath, attachType ?? DefaultAttachType, anchor, expectedRevision);

    /// <summary>Attaches without a link: the program stays when the process ends, unless the result is disposed of.</summary>
    /// <param name="cgroupPath">Path of the cgroup in cgroup2.</param>
    /// <param name="mode">What others are allowed.</param>
    /// <param name="replace">The program to replace; null for none.</param>
    /// <param name="attachType">Where; null for what the program was loaded for.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachWithoutLink(string cgroupPath, BpfCgroupAttachMode mode = BpfCgroupAttachMode.Multiple, BpfProgram? replace = null, BpfAttachType? attachType = null) =>
        CgroupAttach.Legacy(Program, cgroupPath, attachType ?? DefaultAttachType, mode, replace);

    // Two kinds have one place each, which older objects do not name.
    private BpfAttachType DefaultAttachType => Program.Type switch
    {
        BpfProgramType.SockOps => BpfAttachType.CgroupSockOps,
        BpfProgramType.CgroupDevice => BpfAttachType.CgroupDevice,
        BpfProgramType.CgroupSysctl => BpfAttachType.CgroupSysctl,
        BpfProgramType.CgroupSock when Program.ExpectedAttachType == 0 => BpfAttachType.CgroupInetSockCreate,
        _ => Program.ExpectedAttachType,
    };
}
