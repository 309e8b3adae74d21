namespace LibbpfSharp;

/// <summary>What the kernel tells of a tcx link (6.6).</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="InterfaceIndex">Index of the interface; 0 once it is detached or the interface is gone.</param>
/// <param name="AttachType">Ingress or egress.</param>
public sealed record BpfTcxLinkInfo(uint Id, uint ProgramId, int InterfaceIndex, BpfAttachType AttachType)
    : BpfLinkInfo(BpfLinkType.Tcx, Id, ProgramId);
