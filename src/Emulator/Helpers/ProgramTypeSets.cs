namespace LibbpfSharp.Emulator;

/// <summary>
/// The program types that share a helper, named after what they have in common. They follow the kernel's
/// *_func_proto functions; tests/integration compares them with a running kernel.
/// </summary>
internal static class ProgramTypeSets
{
    public static ProgramTypeSet TrafficControl { get; } = ProgramTypeSet.TrafficControl;

    public static ProgramTypeSet Xdp { get; } = ProgramTypeSet.Of(BpfProgramType.Xdp);

    public static ProgramTypeSet CgroupSkb { get; } = ProgramTypeSet.Of(BpfProgramType.CgroupSkb);

    public static ProgramTypeSet LwtXmit { get; } = ProgramTypeSet.Of(BpfProgramType.LwtXmit);

    public static ProgramTypeSet LwtSeg6Local { get; } = ProgramTypeSet.Of(BpfProgramType.LwtSeg6Local);

    public static ProgramTypeSet Lwt { get; } = ProgramTypeSet.Of(BpfProgramType.LwtIn, BpfProgramType.LwtOut, BpfProgramType.LwtXmit, BpfProgramType.LwtSeg6Local);

    public static ProgramTypeSet SkSkb { get; } = ProgramTypeSet.Of(BpfProgramType.SkSkb);

    public static ProgramTypeSet SkMsg { get; } = ProgramTypeSet.Of(BpfProgramType.SkMsg);

    public static ProgramTypeSet SockOps { get; } = ProgramTypeSet.Of(BpfProgramType.SockOps);

    public static ProgramTypeSet SockAddr { get; } = ProgramTypeSet.Of(BpfProgramType.CgroupSockAddr);

    public static ProgramTypeSet CgroupSock { get; } = ProgramTypeSet.Of(BpfProgramType.CgroupSock);

    public static ProgramTypeSet Sockopt { get; } = ProgramTypeSet.Of(BpfProgramType.CgroupSockopt);

    public static ProgramTypeSet Sysctl { get; } = ProgramTypeSet.Of(BpfProgramType.CgroupSysctl);

    public static ProgramTypeSet Device { get; } = ProgramTypeSet.Of(BpfProgramType.CgroupDevice);

    public static ProgramTypeSet SkLookup { get; } = ProgramTypeSet.Of(BpfProgramType.SkLookup);

    public static ProgramTypeSet ReusePort { get; } = ProgramTypeSet.Of(BpfProgramType.SkReusePort);

    public static ProgramTypeSet SocketFilter { get; } = ProgramTypeSet.Of(BpfProgramType.SocketFilter);

    public static ProgramTypeSet FlowDissector { get; } = ProgramTypeSet.Of(BpfProgramType.FlowDissector);

    public static ProgramTypeSet PerfEvent { get; } = ProgramTypeSet.Of(BpfProgramType.PerfEvent);

    public static ProgramTypeSet Syscall { get; } = ProgramTypeSet.Of(BpfProgramType.Syscall);

    public static ProgramTypeSet StructOps { get; } = ProgramTypeSet.Of(BpfProgramType.StructOps);

    public static ProgramTypeSet Lsm { get; } = ProgramTypeSet.Of(BpfProgramType.Lsm);

    public static ProgramTypeSet Kprobe { get; } = ProgramTypeSet.Of(BpfProgramType.Kprobe);

    public static ProgramTypeSet LircMode2 { get; } = ProgramTypeSet.Of(BpfProgramType.LircMode2);

    /// <summary>fentry, fexit, fmod_ret, tp_btf, iterators; LSM programs and syscall programs get the same helpers.</summary>
    public static ProgramTypeSet Btf { get; } = ProgramTypeSet.Of(BpfProgramType.Tracing, BpfProgramType.Lsm, BpfProgramType.Syscall);

    /// <summary>All that observe the kernel, and syscall programs.</summary>
    public static ProgramTypeSet Observers { get; } = ProgramTypeSet.Tracing | Syscall;

    /// <summary>Traffic control and lwt_xmit: they may change packets that leave.</summary>
    public static ProgramTypeSet TcAndXmit { get; } = TrafficControl | LwtXmit;

    /// <summary>Traffic control and XDP.</summary>
    public static ProgramTypeSet TcAndXdp { get; } = TrafficControl | Xdp;

    /// <summary>Programs attached to cgroups that know of a return value (cgroup_common_func_proto).</summary>
    public static ProgramTypeSet CgroupResult { get; } = Device | CgroupSock | Sysctl | SockAddr | Sockopt | Lsm;

    /// <summary>Programs attached to cgroups.</summary>
    public static ProgramTypeSet Cgroup { get; } = Device | CgroupSkb | CgroupSock | Sysctl | SockAddr | SockOps | Sockopt;

    /// <summary>Those that share the kfuncs of tracing programs (BTF_KFUNC_HOOK_TRACING).</summary>
    public static ProgramTypeSet TracingKfuncs { get; } = ProgramTypeSet.Of(BpfProgramType.Tracing, BpfProgramType.Tracepoint, BpfProgramType.PerfEvent, BpfProgramType.Lsm);

    /// <summary>Those that generic_btf_ids of kernel/bpf/helpers.c is registered for: objects, tasks, cgroups.</summary>
    public static ProgramTypeSet GenericKfuncs { get; } = TracingKfuncs | Syscall | StructOps | Cgroup | ProgramTypeSet.Of(BpfProgramType.SchedCls) | Xdp;

    /// <summary>Those that may look sockets up.</summary>
    public static ProgramTypeSet SocketLookup { get; } = CgroupSkb | TrafficControl | SkSkb | SockAddr | Xdp;

    /// <summary>Those that may read the bytes of a socket buffer.</summary>
    public static ProgramTypeSet SkbReaders { get; } = SocketFilter | CgroupSkb | FlowDissector | Lwt | TrafficControl | ReusePort | SkSkb;

    /// <summary>Those that may cast sockets (bpf_sk_base_func_proto).</summary>
    public static ProgramTypeSet SocketCasts { get; } = SocketFilter | TrafficControl | Xdp | CgroupSkb | Lwt | SockOps | SkSkb | SkMsg | SockAddr | FlowDissector | SkLookup | Btf;
}
