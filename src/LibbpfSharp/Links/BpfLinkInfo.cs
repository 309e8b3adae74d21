namespace LibbpfSharp;

/// <summary>What the kernel tells of a link.</summary>
/// <param name="Type">Kind of link.</param>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
public sealed record BpfLinkInfo(BpfLinkType Type, uint Id, uint ProgramId);
