namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a network namespace.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="NamespaceInode">Inode of the namespace (stat -L /proc/PID/ns/net); 0 once it is detached.</param>
/// <param name="AttachType">Socket lookup or flow dissection.</param>
public sealed record BpfNetworkNamespaceLinkInfo(uint Id, uint ProgramId, uint NamespaceInode, BpfAttachType AttachType)
    : BpfLinkInfo(BpfLinkType.NetNs, Id, ProgramId);
