using System.Collections.Frozen;

namespace LibbpfSharp.Formats.Objects;

// The section names of libbpf 1.7 and of its successor as far as it is known ("Program Types and ELF Sections" in libbpf's documentation).
public sealed partial class BpfSectionName
{
    private static readonly FrozenDictionary<string, Entry> s_known = new Entry[]
    {
        new("socket", "SOCKET_FILTER", null, Flags.None, BpfAttachKind.Socket),
        new("sk_reuseport/migrate", "SK_REUSEPORT", "SK_REUSEPORT_SELECT_OR_MIGRATE", Flags.None, BpfAttachKind.Socket),
        new("sk_reuseport", "SK_REUSEPORT", "SK_REUSEPORT_SELECT", Flags.None, BpfAttachKind.Socket),
        new("kprobe+", "KPROBE", null, Flags.None, BpfAttachKind.Kprobe),
        new("uprobe+", "KPROBE", null, Flags.None, BpfAttachKind.Uprobe),
        new("uprobe.s+", "KPROBE", null, Flags.Sleepable, BpfAttachKind.Uprobe),
        new("kretprobe+", "KPROBE", null, Flags.None, BpfAttachKind.Kprobe),
        new("uretprobe+", "KPROBE", null, Flags.None, BpfAttachKind.Uprobe),
        new("uretprobe.s+", "KPROBE", null, Flags.Sleepable, BpfAttachKind.Uprobe),
        new("kprobe.multi+", "KPROBE", "TRACE_KPROBE_MULTI", Flags.None, BpfAttachKind.KprobeMulti),
        new("kretprobe.multi+", "KPROBE", "TRACE_KPROBE_MULTI", Flags.None, BpfAttachKind.KprobeMulti),
        new("kprobe.session+", "KPROBE", "TRACE_KPROBE_SESSION", Flags.None, BpfAttachKind.KprobeMulti),
        new("uprobe.multi+", "KPROBE", "TRACE_UPROBE_MULTI", Flags.None, BpfAttachKind.UprobeMulti),
        new("uretprobe.multi+", "KPROBE", "TRACE_UPROBE_MULTI", Flags.None, BpfAttachKind.UprobeMulti),
        new("uprobe.session+", "KPROBE", "TRACE_UPROBE_SESSION", Flags.None, BpfAttachKind.UprobeMulti),
        new("uprobe.multi.s+", "KPROBE", "TRACE_UPROBE_MULTI", Flags.Sleepable, BpfAttachKind.UprobeMulti),
        new("uretprobe.multi.s+", "KPROBE", "TRACE_UPROBE_MULTI", Flags.Sleepable, BpfAttachKind.UprobeMulti),
        new("uprobe.session.s+", "KPROBE", "TRACE_UPROBE_SESSION", Flags.Sleepable, BpfAttachKind.UprobeMulti),
        new("ksyscall+", "KPROBE", null, Flags.None, BpfAttachKind.Ksyscall),
        new("kretsyscall+", "KPROBE", null, Flags.None, BpfAttachKind.Ksyscall),
        new("usdt+", "KPROBE", null, Flags.None, BpfAttachKind.Usdt),
        new("usdt.s+", "KPROBE", null, Flags.Sleepable, BpfAttachKind.Usdt),
        new("tc/ingress", "SCHED_CLS", "TCX_INGRESS", Flags.None, BpfAttachKind.Tcx),
        new("tc/egress", "SCHED_CLS", "TCX_EGRESS", Flags.None, BpfAttachKind.Tcx),
        new("tcx/ingress", "SCHED_CLS", "TCX_INGRESS", Flags.None, BpfAttachKind.Tcx),
        new("tcx/egress", "SCHED_CLS", "TCX_EGRESS", Flags.None, BpfAttachKind.Tcx),
        new("tc", "SCHED_CLS", null, Flags.None, BpfAttachKind.TrafficControl),
        new("classifier", "SCHED_CLS", null, Flags.None, BpfAttachKind.TrafficControl),
        new("action", "SCHED_ACT", null, Flags.None, BpfAttachKind.TrafficControl),
        new("netkit/primary", "SCHED_CLS", "NETKIT_PRIMARY", Flags.None, BpfAttachKind.Netkit),
        new("netkit/peer", "SCHED_CLS", "NETKIT_PEER", Flags.None, BpfAttachKind.Netkit),
        new("tracepoint+", "TRACEPOINT", null, Flags.None, BpfAttachKind.Tracepoint),
        new("tp+", "TRACEPOINT", null, Flags.None, BpfAttachKind.Tracepoint),
        new("tracepoint.s+", "TRACEPOINT", null, Flags.Sleepable, BpfAttachKind.Tracepoint),
        new("tp.s+", "TRACEPOINT", null, Flags.Sleepable, BpfAttachKind.Tracepoint),
        new("raw_tracepoint+", "RAW_TRACEPOINT", null, Flags.None, BpfAttachKind.RawTracepoint),
        new("raw_tp+", "RAW_TRACEPOINT", null, Flags.None, BpfAttachKind.RawTracepoint),
        new("raw_tracepoint.s+", "RAW_TRACEPOINT", null, Flags.Sleepable, BpfAttachKind.RawTracepoint),
        new("raw_tp.s+", "RAW_TRACEPOINT", null, Flags.Sleepable, BpfAttachKind.RawTracepoint),
        new("raw_tracepoint.w+", "RAW_TRACEPOINT_WRITABLE", null, Flags.None, BpfAttachKind.RawTracepoint),
        new("raw_tp.w+", "RAW_TRACEPOINT_WRITABLE", null, Flags.None, BpfAttachKind.RawTracepoint),
        new("tp_btf+", "TRACING", "TRACE_RAW_TP", Flags.Btf, BpfAttachKind.Tracing),
        new("tp_btf.s+", "TRACING", "TRACE_RAW_TP", Flags.Btf | Flags.Sleepable, BpfAttachKind.Tracing),
        new("fentry+", "TRACING", "TRACE_FENTRY", Flags.Btf, BpfAttachKind.Tracing),
        new("fmod_ret+", "TRACING", "MODIFY_RETURN", Flags.Btf, BpfAttachKind.Tracing),
        new("fexit+", "TRACING", "TRACE_FEXIT", Flags.Btf, BpfAttachKind.Tracing),
        new("fentry.s+", "TRACING", "TRACE_FENTRY", Flags.Btf | Flags.Sleepable, BpfAttachKind.Tracing),
        new("fmod_ret.s+", "TRACING", "MODIFY_RETURN", Flags.Btf | Flags.Sleepable, BpfAttachKind.Tracing),
        new("fexit.s+", "TRACING", "TRACE_FEXIT", Flags.Btf | Flags.Sleepable, BpfAttachKind.Tracing),
        new("fsession+", "TRACING", "TRACE_FSESSION", Flags.Btf, BpfAttachKind.Tracing),
        new("fsession.s+", "TRACING", "TRACE_FSESSION", Flags.Btf | Flags.Sleepable, BpfAttachKind.Tracing),
        new("fsession.multi+", "TRACING", "TRACE_FSESSION_MULTI", Flags.None, BpfAttachKind.TracingMulti),
        new("fsession.multi.s+", "TRACING", "TRACE_FSESSION_MULTI", Flags.Sleepable, BpfAttachKind.TracingMulti),
        new("fentry.multi+", "TRACING", "TRACE_FENTRY_MULTI", Flags.None, BpfAttachKind.TracingMulti),
        new("fexit.multi+", "TRACING", "TRACE_FEXIT_MULTI", Flags.None, BpfAttachKind.TracingMulti),
        new("fentry.multi.s+", "TRACING", "TRACE_FENTRY_MULTI", Flags.Sleepable, BpfAttachKind.TracingMulti),
        new("fexit.multi.s+", "TRACING", "TRACE_FEXIT_MULTI", Flags.Sleepable, BpfAttachKind.TracingMulti),
        new("freplace+", "EXT", null, Flags.Btf, BpfAttachKind.Replace),
        new("lsm+", "LSM", "LSM_MAC", Flags.Btf, BpfAttachKind.Lsm),
        new("lsm.s+", "LSM", "LSM_MAC", Flags.Btf | Flags.Sleepable, BpfAttachKind.Lsm),
        new("lsm_cgroup+", "LSM", "LSM_CGROUP", Flags.Btf, BpfAttachKind.Cgroup),
        new("iter+", "TRACING", "TRACE_ITER", Flags.Btf, BpfAttachKind.Iterator),
        new("iter.s+", "TRACING", "TRACE_ITER", Flags.Btf | Flags.Sleepable, BpfAttachKind.Iterator),
        new("syscall", "SYSCALL", null, Flags.Sleepable, BpfAttachKind.None),
        new("xdp.frags/devmap", "XDP", "XDP_DEVMAP", Flags.Frags, BpfAttachKind.MapEntry),
        new("xdp/devmap", "XDP", "XDP_DEVMAP", Flags.None, BpfAttachKind.MapEntry),
        new("xdp.frags/cpumap", "XDP", "XDP_CPUMAP", Flags.Frags, BpfAttachKind.MapEntry),
        new("xdp/cpumap", "XDP", "XDP_CPUMAP", Flags.None, BpfAttachKind.MapEntry),
        new("xdp.frags", "XDP", "XDP", Flags.Frags, BpfAttachKind.Xdp),
        new("xdp", "XDP", "XDP", Flags.Optional, BpfAttachKind.Xdp),
        new("perf_event", "PERF_EVENT", null, Flags.None, BpfAttachKind.PerfEvent),
        new("lwt_in", "LWT_IN", null, Flags.None, BpfAttachKind.Route),
        new("lwt_out", "LWT_OUT", null, Flags.None, BpfAttachKind.Route),
        new("lwt_xmit", "LWT_XMIT", null, Flags.None, BpfAttachKind.Route),
        new("lwt_seg6local", "LWT_SEG6LOCAL", null, Flags.None, BpfAttachKind.Route),
        new("sockops", "SOCK_OPS", "CGROUP_SOCK_OPS", Flags.Optional, BpfAttachKind.Cgroup),
        new("sk_skb/stream_parser", "SK_SKB", "SK_SKB_STREAM_PARSER", Flags.Optional, BpfAttachKind.SockMap),
        new("sk_skb/stream_verdict", "SK_SKB", "SK_SKB_STREAM_VERDICT", Flags.Optional, BpfAttachKind.SockMap),
        new("sk_skb/verdict", "SK_SKB", "SK_SKB_VERDICT", Flags.Optional, BpfAttachKind.SockMap),
        new("sk_skb", "SK_SKB", null, Flags.None, BpfAttachKind.SockMap),
        new("sk_msg", "SK_MSG", "SK_MSG_VERDICT", Flags.Optional, BpfAttachKind.SockMap),
        new("lirc_mode2", "LIRC_MODE2", "LIRC_MODE2", Flags.Optional, BpfAttachKind.Lirc),
        new("flow_dissector", "FLOW_DISSECTOR", "FLOW_DISSECTOR", Flags.Optional, BpfAttachKind.NetworkNamespace),
        new("cgroup_skb/ingress", "CGROUP_SKB", "CGROUP_INET_INGRESS", Flags.Optional, BpfAttachKind.Cgroup),
        new("cgroup_skb/egress", "CGROUP_SKB", "CGROUP_INET_EGRESS", Flags.Optional, BpfAttachKind.Cgroup),
        new("cgroup/skb", "CGROUP_SKB", null, Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sock_create", "CGROUP_SOCK", "CGROUP_INET_SOCK_CREATE", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sock_release", "CGROUP_SOCK", "CGROUP_INET_SOCK_RELEASE", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sock", "CGROUP_SOCK", "CGROUP_INET_SOCK_CREATE", Flags.Optional, BpfAttachKind.Cgroup),
        new("cgroup/post_bind4", "CGROUP_SOCK", "CGROUP_INET4_POST_BIND", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/post_bind6", "CGROUP_SOCK", "CGROUP_INET6_POST_BIND", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/bind4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_BIND", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/bind6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_BIND", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/connect4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_CONNECT", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/connect6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_CONNECT", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/connect_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_CONNECT", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sendmsg4", "CGROUP_SOCK_ADDR", "CGROUP_UDP4_SENDMSG", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sendmsg6", "CGROUP_SOCK_ADDR", "CGROUP_UDP6_SENDMSG", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sendmsg_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_SENDMSG", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/recvmsg4", "CGROUP_SOCK_ADDR", "CGROUP_UDP4_RECVMSG", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/recvmsg6", "CGROUP_SOCK_ADDR", "CGROUP_UDP6_RECVMSG", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/recvmsg_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_RECVMSG", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getpeername4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_GETPEERNAME", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getpeername6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_GETPEERNAME", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getpeername_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_GETPEERNAME", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getsockname4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_GETSOCKNAME", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getsockname6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_GETSOCKNAME", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getsockname_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_GETSOCKNAME", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/sysctl", "CGROUP_SYSCTL", "CGROUP_SYSCTL", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/getsockopt", "CGROUP_SOCKOPT", "CGROUP_GETSOCKOPT", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/setsockopt", "CGROUP_SOCKOPT", "CGROUP_SETSOCKOPT", Flags.None, BpfAttachKind.Cgroup),
        new("cgroup/dev", "CGROUP_DEVICE", "CGROUP_DEVICE", Flags.Optional, BpfAttachKind.Cgroup),
        new("struct_ops+", "STRUCT_OPS", null, Flags.None, BpfAttachKind.StructOps),
        new("struct_ops.s+", "STRUCT_OPS", null, Flags.Sleepable, BpfAttachKind.StructOps),
        new("sk_lookup", "SK_LOOKUP", "SK_LOOKUP", Flags.None, BpfAttachKind.NetworkNamespace),
        new("netfilter", "NETFILTER", "NETFILTER", Flags.None, BpfAttachKind.Netfilter),    }.ToFrozenDictionary(e => e.Pattern.TrimEnd('+'), StringComparer.Ordinal);

    [Flags]
    private enum Flags
    {
        None = 0,
        Optional = 1,
        Sleepable = 2,
        Btf = 4,
        Frags = 8,
    }

    // A pattern with '+' stands for the name alone and for the name with "/target".
    private sealed class Entry(string pattern, string programType, string? attachType, Flags flags, BpfAttachKind kind)
    {
        public string Pattern { get; } = pattern;

        public bool TakesTarget { get; } = pattern.EndsWith('+');

        public uint ProgramType { get; } = BpfTypeNames.ProgramType(programType);

        public uint? AttachType { get; } = attachType is null ? null : BpfTypeNames.AttachType(attachType);

        public Flags Flags { get; } = flags;

        public BpfAttachKind Kind { get; } = kind;
    }
}
