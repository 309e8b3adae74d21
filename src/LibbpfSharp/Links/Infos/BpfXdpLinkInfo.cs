namespace LibbpfSharp;

/// <summary>What the kernel tells of a link of an XDP program.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="InterfaceIndex">Index of the interface; 0 once it is detached or the interface is gone.</param>
public sealed record BpfXdpLinkInfo(uint Id, uint ProgramId, int InterfaceIndex)
    : BpfLinkInfo(BpfLinkType.Xdp, Id, ProgramId);
