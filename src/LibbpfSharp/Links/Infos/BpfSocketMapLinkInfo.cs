namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a socket map (6.10).</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="MapId">Number of the map; 0 once it is detached.</param>
/// <param name="AttachType">Parser, verdict or message.</param>
public sealed record BpfSocketMapLinkInfo(uint Id, uint ProgramId, uint MapId, BpfAttachType AttachType)
    : BpfLinkInfo(BpfLinkType.SockMap, Id, ProgramId);
