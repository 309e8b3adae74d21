namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a perf event: tracepoint, kprobe, uprobe, counter. Kernels before 6.6 tell nothing beyond the ids.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="Kind">What event it is.</param>
/// <param name="Name">Tracepoint, kernel function, or path of the binary; empty for a counter, and for a function probed by address.</param>
/// <param name="Offset">Offset in bytes in the function (kprobe) or in the file (uprobe).</param>
/// <param name="Address">Address of the kernel function, 0 if this process may not see it.</param>
/// <param name="Missed">Hits of a kprobe that did not run the program (6.7).</param>
/// <param name="Cookie">What bpf_get_attach_cookie() gives in the program (6.9).</param>
/// <param name="EventType">Counters only: PERF_TYPE_*.</param>
/// <param name="EventConfig">Counters only: the number of the event within its type.</param>
/// <param name="ReferenceCounterOffset">User probes only: offset of the counter in the file (6.15).</param>
public sealed record BpfPerfEventLinkInfo(uint Id, uint ProgramId, BpfPerfEventLinkKind Kind, string Name, ulong Offset, ulong Address, ulong Missed, ulong Cookie, uint EventType, ulong EventConfig, ulong ReferenceCounterOffset)
    : BpfLinkInfo(BpfLinkType.PerfEvent, Id, ProgramId);
