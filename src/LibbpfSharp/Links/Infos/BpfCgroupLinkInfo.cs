namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a cgroup.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="CgroupId">Number of the cgroup: the inode of its folder; 0 once it is detached.</param>
/// <param name="AttachType">Where in the cgroup it runs.</param>
public sealed record BpfCgroupLinkInfo(uint Id, uint ProgramId, ulong CgroupId, BpfAttachType AttachType)
    : BpfLinkInfo(BpfLinkType.Cgroup, Id, ProgramId);
