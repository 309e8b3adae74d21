namespace LibbpfSharp;

/// <summary>What the kernel tells of a link on a netfilter hook (6.4).</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="Family">Protocol family.</param>
/// <param name="Hook">The hook.</param>
/// <param name="Priority">Order among the hook's users: the lowest runs first.</param>
/// <param name="Flags">1 if packets are put together from fragments first (BPF_F_NETFILTER_IP_DEFRAG).</param>
public sealed record BpfNetfilterLinkInfo(uint Id, uint ProgramId, BpfNetfilterFamily Family, BpfNetfilterHook Hook, int Priority, uint Flags)
    : BpfLinkInfo(BpfLinkType.Netfilter, Id, ProgramId);
