namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a netkit device (6.7).</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="InterfaceIndex">Index of the device; 0 once it is detached or the device is gone.</param>
/// <param name="AttachType">Primary or peer.</param>
public sealed record BpfNetkitLinkInfo(uint Id, uint ProgramId, int InterfaceIndex, BpfAttachType AttachType)
    : BpfLinkInfo(BpfLinkType.Netkit, Id, ProgramId);
