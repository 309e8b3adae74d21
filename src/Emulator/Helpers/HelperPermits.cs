namespace LibbpfSharp.Emulator;

/// <summary>Conditions of helpers beyond the program type; each gives the reason of a refusal, "" for the usual words, or null.</summary>
internal static class HelperPermits
{
    /// <summary>Iterators only, among tracing programs.</summary>
    public static string? Iterator(ProgramLoad load) => load.ExpectedAttachType == BpfAttachType.TraceIter ? null : "";

    /// <summary>fentry, fexit and fmod_ret only.</summary>
    public static string? Trampoline(ProgramLoad load) => HasTrampoline(load) ? null : "";

    /// <summary>Iterators have no attach cookie.</summary>
    public static string? Cookie(ProgramLoad load) =>
        load.Type != BpfProgramType.Tracing || HasTrampoline(load) || load.ExpectedAttachType == BpfAttachType.TraceRawTp ? null : "";

    public static string? FunctionAddress(ProgramLoad load) => load.Type switch
    {
        BpfProgramType.Kprobe => null,
        BpfProgramType.Tracing when HasTrampoline(load) => null,
        BpfProgramType.Tracing => "func bpf_get_func_ip#173 supported only for fentry/fexit/fmod_ret programs",
        _ => $"func bpf_get_func_ip#173 not supported for program type {(int)load.Type}",
    };

    /// <summary>Programs that may sleep only.</summary>
    public static string? Sleepable(ProgramLoad load) => load.IsSleepable ? null : "helper call might sleep in a non-sleepable prog";

    /// <summary>Address hooks whose result the system call returns.</summary>
    public static string? Result(ProgramLoad load) => load.Type != BpfProgramType.CgroupSockAddr || load.ExpectedAttachType
        is BpfAttachType.CgroupInet4Bind or BpfAttachType.CgroupInet6Bind or BpfAttachType.CgroupInet4Connect or BpfAttachType.CgroupInet6Connect
        or BpfAttachType.CgroupUnixConnect or BpfAttachType.CgroupUnixSendmsg or BpfAttachType.CgroupUdp4Sendmsg or BpfAttachType.CgroupUdp6Sendmsg ? null : "";

    /// <summary>Setting socket options, among sockopt programs.</summary>
    public static string? SetSockopt(ProgramLoad load) =>
        load.Type != BpfProgramType.CgroupSockopt || load.ExpectedAttachType == BpfAttachType.CgroupSetsockopt ? null : "";

    /// <summary>connect() of IPv4 and IPv6.</summary>
    public static string? Connect(ProgramLoad load) =>
        load.ExpectedAttachType is BpfAttachType.CgroupInet4Connect or BpfAttachType.CgroupInet6Connect ? null : "";

    private static bool HasTrampoline(ProgramLoad load) => load.Type == BpfProgramType.Lsm
        || load.ExpectedAttachType is BpfAttachType.TraceFentry or BpfAttachType.TraceFexit or BpfAttachType.ModifyReturn;
}
