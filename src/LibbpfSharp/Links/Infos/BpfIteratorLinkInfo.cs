namespace LibbpfSharp;

/// <summary>What the kernel tells of a link of an iterator.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="Target">What is walked, such as "task", "bpf_map_elem", "cgroup".</param>
/// <param name="MapId">Number of the map whose elements are walked; 0 for other targets.</param>
/// <param name="CgroupId">Number of the cgroup; 0 for other targets.</param>
/// <param name="CgroupOrder">Which cgroups are walked; 0 for other targets.</param>
/// <param name="ThreadId">The one thread that is walked; 0 for all.</param>
/// <param name="ProcessId">The process whose threads are walked; 0 for all.</param>
public sealed record BpfIteratorLinkInfo(uint Id, uint ProgramId, string Target, uint MapId, ulong CgroupId, BpfCgroupOrder CgroupOrder, uint ThreadId, uint ProcessId)
    : BpfLinkInfo(BpfLinkType.Iter, Id, ProgramId);
