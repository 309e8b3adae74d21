using static LibbpfSharp.BpfAttachType;
using static LibbpfSharp.Emulator.EventAccess;

namespace LibbpfSharp.Emulator;

/// <summary>The contexts of uapi/linux/bpf.h that are neither packets nor plain memory, with the rules of their *_is_valid_access.</summary>
internal static class EventKinds
{
    private static readonly BpfAttachType[] s_ip4 = [CgroupInet4Bind, CgroupInet4Connect, CgroupInet4Getpeername, CgroupInet4Getsockname, CgroupUdp4Sendmsg, CgroupUdp4Recvmsg];
    private static readonly BpfAttachType[] s_ip6 = [CgroupInet6Bind, CgroupInet6Connect, CgroupInet6Getpeername, CgroupInet6Getsockname, CgroupUdp6Sendmsg, CgroupUdp6Recvmsg];

    /// <summary>struct bpf_sock_addr.</summary>
    public static EventKind SocketAddress { get; } = new(
        BpfProgramType.CgroupSockAddr, "cgroup_sock_addr", 72,
        [
            new("user_family", 0, 4),
            new("user_ip4", 4, 4, Narrow | Write) { Only = s_ip4 },
            new("user_ip6", 8, 4, Narrow | Write | Wide) { Count = 4, Only = s_ip6 },
            new("user_port", 24, 4, Narrow | Write),
            new("family", 28, 4),
            new("type", 32, 4),
            new("protocol", 36, 4),
            new("msg_src_ip4", 40, 4, Narrow | Write) { Only = [CgroupUdp4Sendmsg] },
            new("msg_src_ip6", 44, 4, Narrow | Write | Wide) { Count = 4, Only = [CgroupUdp6Sendmsg] },
            new("sk", 64, 8, EventAccess.Socket),
        ],
        attach => attach switch
        {
            CgroupInet4Bind or CgroupInet6Bind => (0, 3),
            CgroupUdp4Recvmsg or CgroupUdp6Recvmsg or CgroupUnixRecvmsg or CgroupInet4Getpeername or CgroupInet6Getpeername
                or CgroupUnixGetpeername or CgroupInet4Getsockname or CgroupInet6Getsockname or CgroupUnixGetsockname => (1, 1),
            _ => (0, 1),
        });

    /// <summary>struct bpf_sock_ops.</summary>
    public static EventKind SocketOperations { get; } = new(
        BpfProgramType.SockOps, "sock_ops", 224,
        [
            new("op", 0, 4),
            new("reply", 4, 4, Write),
            new("args", 4, 4) { Count = 4 },
            new("family", 20, 4),
            new("remote_ip4", 24, 4),
            new("local_ip4", 28, 4),
            new("remote_ip6", 32, 4) { Count = 4 },
            new("local_ip6", 48, 4) { Count = 4 },
            new("remote_port", 64, 4),
            new("local_port", 68, 4),
            new("is_fullsock", 72, 4),
            new("snd_cwnd", 76, 4),
            new("srtt_us", 80, 4),
            new("bpf_sock_ops_cb_flags", 84, 4),
            new("state", 88, 4),
            new("rtt_min", 92, 4),
            new("snd_ssthresh", 96, 4),
            new("rcv_nxt", 100, 4),
            new("snd_nxt", 104, 4),
            new("snd_una", 108, 4),
            new("mss_cache", 112, 4),
            new("ecn_flags", 116, 4),
            new("rate_delivered", 120, 4),
            new("rate_interval_us", 124, 4),
            new("packets_out", 128, 4),
            new("retrans_out", 132, 4),
            new("total_retrans", 136, 4),
            new("segs_in", 140, 4),
            new("data_segs_in", 144, 4),
            new("segs_out", 148, 4),
            new("data_segs_out", 152, 4),
            new("lost_out", 156, 4),
            new("sacked_out", 160, 4),
            new("sk_txhash", 164, 4, Write),
            new("bytes_received", 168, 8),
            new("bytes_acked", 176, 8),
            new("sk", 184, 8, EventAccess.Socket),
            new("skb_data", 192, 8, Data),
            new("skb_data_end", 200, 8, DataEnd),
            new("skb_len", 208, 4),
            new("skb_tcp_flags", 212, 4),
            new("skb_hwtstamp", 216, 8),
        ],
        _ => (0, 1));

    /// <summary>struct sk_msg_md.</summary>
    public static EventKind SocketMessage { get; } = new(
        BpfProgramType.SkMsg, "sk_msg", 80,
        [
            new("data", 0, 8, Data),
            new("data_end", 8, 8, DataEnd),
            new("family", 16, 4),
            new("remote_ip4", 20, 4),
            new("local_ip4", 24, 4),
            new("remote_ip6", 28, 4) { Count = 4 },
            new("local_ip6", 44, 4) { Count = 4 },
            new("remote_port", 60, 4),
            new("local_port", 64, 4),
            new("size", 68, 4),
            new("sk", 72, 8, EventAccess.Socket),
        ]);

    /// <summary>struct bpf_sockopt.</summary>
    public static EventKind SocketOption { get; } = new(
        BpfProgramType.CgroupSockopt, "cgroup_sockopt", 40,
        [
            new("sk", 0, 8, EventAccess.Socket),
            new("optval", 8, 8, Data),
            new("optval_end", 16, 8, DataEnd),
            new("level", 24, 4, Write) { WritableFor = [CgroupSetsockopt] },
            new("optname", 28, 4, Write) { WritableFor = [CgroupSetsockopt] },
            new("optlen", 32, 4, Write),
            new("retval", 36, 4, Write) { Only = [CgroupGetsockopt] },
        ],
        _ => (0, 1));

    /// <summary>struct bpf_sysctl.</summary>
    public static EventKind Sysctl { get; } = new(
        BpfProgramType.CgroupSysctl, "cgroup_sysctl", 8,
        [
            new("write", 0, 4, Narrow),
            new("file_pos", 4, 4, Narrow | Write),
        ],
        _ => (0, 1));

    /// <summary>struct bpf_cgroup_dev_ctx.</summary>
    public static EventKind Device { get; } = new(
        BpfProgramType.CgroupDevice, "cgroup_device", 12,
        [
            new("access_type", 0, 4, Narrow),
            new("major", 4, 4),
            new("minor", 8, 4),
        ],
        _ => (0, 1));

    /// <summary>struct bpf_sk_lookup.</summary>
    public static EventKind SocketLookup { get; } = new(
        BpfProgramType.SkLookup, "sk_lookup", 72,
        [
            new("sk", 0, 8, EventAccess.Socket),
            new("family", 8, 4, Narrow),
            new("protocol", 12, 4, Narrow),
            new("remote_ip4", 16, 4, Narrow),
            new("remote_ip6", 20, 4, Narrow) { Count = 4 },
            new("remote_port", 36, 4, Narrow),
            new("local_ip4", 40, 4, Narrow),
            new("local_ip6", 44, 4, Narrow) { Count = 4 },
            new("local_port", 60, 4, Narrow),
            new("ingress_ifindex", 64, 4, Narrow),
        ],
        _ => (0, 1))
    {
        TestRunner = SocketLookupTest.Run,
    };

    /// <summary>struct sk_reuseport_md.</summary>
    public static EventKind ReusePort { get; } = new(
        BpfProgramType.SkReusePort, "sk_reuseport", 56,
        [
            new("data", 0, 8, Data),
            new("data_end", 8, 8, DataEnd),
            new("len", 16, 4),
            new("eth_protocol", 20, 4, Narrow),
            new("ip_protocol", 24, 4),
            new("bind_inany", 28, 4),
            new("hash", 32, 4),
            new("sk", 40, 8, EventAccess.Socket),
            new("migrating_sk", 48, 8),
        ]);

    /// <summary>struct bpf_sock of a socket that is made, bound or released.</summary>
    public static EventKind CgroupSocket { get; } = new(
        BpfProgramType.CgroupSock, "cgroup_sock", 80,
        [
            new("bound_dev_if", 0, 4, Write) { Only = [CgroupInetSockCreate, CgroupInetSockRelease], WritableFor = [CgroupInetSockCreate, CgroupInetSockRelease] },
            new("family", 4, 4, Narrow),
            new("type", 8, 4, Narrow),
            new("protocol", 12, 4, Narrow),
            new("mark", 16, 4, Write) { Only = [CgroupInetSockCreate, CgroupInetSockRelease] },
            new("priority", 20, 4, Write) { Only = [CgroupInetSockCreate, CgroupInetSockRelease] },
            new("src_ip4", 24, 4, Narrow) { Only = [CgroupInet4PostBind] },
            new("src_ip6", 28, 4, Narrow) { Count = 4, Only = [CgroupInet6PostBind] },
            new("src_port", 44, 4, Narrow) { Only = [CgroupInet4PostBind, CgroupInet6PostBind] },
            new("dst_port", 48, 2, Narrow),
            new("dst_ip4", 52, 4, Narrow),
            new("dst_ip6", 56, 4, Narrow) { Count = 4 },
            new("state", 72, 4, Narrow),
            new("rx_queue_mapping", 76, 4, Narrow),
        ],
        _ => (0, 1));
}
