namespace LibbpfSharp;

/// <summary>What the kernel tells of a registered table of callbacks (6.4).</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="MapId">Number of the struct_ops map.</param>
public sealed record BpfStructOpsLinkInfo(uint Id, uint ProgramId, uint MapId)
    : BpfLinkInfo(BpfLinkType.StructOps, Id, ProgramId);
