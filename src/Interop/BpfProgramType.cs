namespace LibbpfSharp;

/// <summary>Kinds of BPF programs, as enum bpf_prog_type of linux/bpf.h; the version is the first kernel that has the kind.</summary>
public enum BpfProgramType : uint
{
    /// <summary>No type; refused by the kernel.</summary>
    Unspec = 0,

    /// <summary>Socket filter (3.19).</summary>
    SocketFilter = 1,

    /// <summary>Kernel or user probe (4.1).</summary>
    Kprobe = 2,

    /// <summary>Traffic control classifier (4.1).</summary>
    SchedCls = 3,

    /// <summary>Traffic control action (4.1).</summary>
    SchedAct = 4,

    /// <summary>Tracepoint (4.7).</summary>
    Tracepoint = 5,

    /// <summary>Packet at the driver (4.8).</summary>
    Xdp = 6,

    /// <summary>Perf event (4.9).</summary>
    PerfEvent = 7,

    /// <summary>Packet of a cgroup (4.10).</summary>
    CgroupSkb = 8,

    /// <summary>Socket of a cgroup (4.10).</summary>
    CgroupSock = 9,

    /// <summary>Lightweight tunnel input (4.10).</summary>
    LwtIn = 10,

    /// <summary>Lightweight tunnel output (4.10).</summary>
    LwtOut = 11,

    /// <summary>Lightweight tunnel transmit (4.10).</summary>
    LwtXmit = 12,

    /// <summary>TCP socket operations (4.13).</summary>
    SockOps = 13,

    /// <summary>Stream parser or verdict on a sockmap (4.14).</summary>
    SkSkb = 14,

    /// <summary>Device access of a cgroup (4.15).</summary>
    CgroupDevice = 15,

    /// <summary>Message verdict on a sockmap (4.17).</summary>
    SkMsg = 16,

    /// <summary>Raw tracepoint (4.17).</summary>
    RawTracepoint = 17,

    /// <summary>Socket addresses of a cgroup (4.17).</summary>
    CgroupSockAddr = 18,

    /// <summary>Segment routing (4.18).</summary>
    LwtSeg6Local = 19,

    /// <summary>Infrared decoder (4.18).</summary>
    LircMode2 = 20,

    /// <summary>SO_REUSEPORT selection (4.19).</summary>
    SkReusePort = 21,

    /// <summary>Flow dissector (4.20).</summary>
    FlowDissector = 22,

    /// <summary>Sysctl access of a cgroup (5.2).</summary>
    CgroupSysctl = 23,

    /// <summary>Raw tracepoint with a writable buffer (5.2).</summary>
    RawTracepointWritable = 24,

    /// <summary>Socket options of a cgroup (5.3).</summary>
    CgroupSockopt = 25,

    /// <summary>BTF tracing: fentry, fexit, fmod_ret, iterators, tp_btf (5.5).</summary>
    Tracing = 26,

    /// <summary>Member of a struct_ops map (5.6).</summary>
    StructOps = 27,

    /// <summary>Replacement of another program's function (5.6).</summary>
    Ext = 28,

    /// <summary>Security hook (5.7).</summary>
    Lsm = 29,

    /// <summary>Socket lookup (5.9).</summary>
    SkLookup = 30,

    /// <summary>Program run by bpf(2) that may issue system calls (5.14).</summary>
    Syscall = 31,

    /// <summary>Netfilter hook (6.4).</summary>
    Netfilter = 32,
}
