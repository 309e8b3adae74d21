namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a raw tracepoint.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="Name">Name of the tracepoint, without category.</param>
/// <param name="Cookie">What bpf_get_attach_cookie() gives in the program; 0 on kernels that do not tell (6.15 does).</param>
public sealed record BpfRawTracepointLinkInfo(uint Id, uint ProgramId, string Name, ulong Cookie)
    : BpfLinkInfo(BpfLinkType.RawTracepoint, Id, ProgramId);
