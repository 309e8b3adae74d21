namespace LibbpfSharp;

/// <summary>What the kernel tells of a link by BTF: fentry, fexit, fmod_ret, tp_btf, LSM, a replaced function.</summary>
/// <param name="Id">Number of the link in the whole system.</param>
/// <param name="ProgramId">Number of the program attached.</param>
/// <param name="AttachType">How it is attached; 0 for a replaced function.</param>
/// <param name="TargetObjectId">Id of the BTF that has the target, or of the program whose function is replaced.</param>
/// <param name="TargetBtfId">Id of the target function or tracepoint in that BTF.</param>
/// <param name="Cookie">What bpf_get_attach_cookie() gives in the program; 0 on kernels that do not tell (6.15 does).</param>
public sealed record BpfTracingLinkInfo(uint Id, uint ProgramId, BpfAttachType AttachType, uint TargetObjectId, uint TargetBtfId, ulong Cookie)
    : BpfLinkInfo(BpfLinkType.Tracing, Id, ProgramId);
