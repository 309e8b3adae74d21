namespace LibbpfSharp;

/// <summary>
/// What the kernel tells of a link (struct bpf_link_info). Each kind has a type of its own that tells more:
/// <c>link.GetInfo() is BpfXdpLinkInfo { InterfaceIndex: 3 }</c>. A kind that this library does not know is this type.
/// </summary>
/// <param name="Type">Kind of link.</param>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached; 0 for a table of callbacks.</param>
public record BpfLinkInfo(BpfLinkType Type, uint Id, uint ProgramId);
