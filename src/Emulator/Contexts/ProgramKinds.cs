namespace LibbpfSharp.Emulator;

/// <summary>The program types that the emulator knows. A type that is not here is refused at load, as Linux refuses an unknown one.</summary>
internal static class ProgramKinds
{
    private static readonly ProgramKind?[] s_kinds = Create();

    public static ProgramKind? Find(BpfProgramType type) => (uint)type < (uint)s_kinds.Length ? s_kinds[(int)type] : null;

    /// <summary>All of them.</summary>
    public static IEnumerable<ProgramKind> All => s_kinds.OfType<ProgramKind>();

    private static ProgramKind?[] Create()
    {
        ProgramKind[] kinds =
        [
            new XdpKind(),
            new SocketBufferKind(BpfProgramType.SocketFilter, "socket_filter"),
            new SocketBufferKind(BpfProgramType.SchedCls, "sched_cls"),
            new SocketBufferKind(BpfProgramType.SchedAct, "sched_act"),
            new SocketBufferKind(BpfProgramType.CgroupSkb, "cgroup_skb"),
            new SocketBufferKind(BpfProgramType.LwtIn, "lwt_in"),
            new SocketBufferKind(BpfProgramType.LwtOut, "lwt_out"),
            new SocketBufferKind(BpfProgramType.LwtXmit, "lwt_xmit"),
            new SocketBufferKind(BpfProgramType.LwtSeg6Local, "lwt_seg6local"),
            new SocketBufferKind(BpfProgramType.SkSkb, "sk_skb"),
            new RawTracepointKind(BpfProgramType.RawTracepoint, "raw_tracepoint"),
            new RawTracepointKind(BpfProgramType.RawTracepointWritable, "raw_tracepoint_writable"),
            new SyscallKind(),
            new PlainKind(BpfProgramType.Kprobe, "kprobe", 168),
            new PlainKind(BpfProgramType.Tracepoint, "tracepoint", 0),
            new PlainKind(BpfProgramType.PerfEvent, "perf_event", 184),
            new TracingKind(),
            new TracedKind(BpfProgramType.Lsm, "lsm"),
            new PlainKind(BpfProgramType.Ext, "ext", 0),
            new StructOpsKind(),
            EventKinds.CgroupSocket,
            EventKinds.SocketOperations,
            EventKinds.Device,
            EventKinds.SocketMessage,
            EventKinds.SocketAddress,
            new PlainKind(BpfProgramType.LircMode2, "lirc_mode2", 4),
            EventKinds.ReusePort,
            EventKinds.Sysctl,
            EventKinds.SocketOption,
            EventKinds.SocketLookup,
            new NetfilterKind(),
            new FlowDissectorKind(),
        ];
        var table = new ProgramKind?[kinds.Max(k => (int)k.Type) + 1];
        foreach (ProgramKind kind in kinds)
            table[(int)kind.Type] = kind;
        return table;
    }
}
