namespace LibbpfSharp.Formats.Objects;

/// <summary>How a program is attached, as far as its section name tells.</summary>
public enum BpfAttachKind
{
    /// <summary>Not known, or not attached at all (syscall programs are run).</summary>
    None = 0,

    /// <summary>By a socket option (socket filter, reuseport).</summary>
    Socket,

    /// <summary>Kernel function entry or return, through perf events or tracefs.</summary>
    Kprobe,

    /// <summary>Kernel functions by pattern, one link for all (Linux 5.18); sessions since 6.10.</summary>
    KprobeMulti,

    /// <summary>System call by name, whose kernel function depends on the architecture.</summary>
    Ksyscall,

    /// <summary>Function of an executable or library, through perf events.</summary>
    Uprobe,

    /// <summary>Functions of an executable or library, one link for all (Linux 6.6); sessions since 6.13.</summary>
    UprobeMulti,

    /// <summary>Static probe of an executable or library.</summary>
    Usdt,

    /// <summary>Tracepoint by category and name, through perf events.</summary>
    Tracepoint,

    /// <summary>Tracepoint by name, without perf events.</summary>
    RawTracepoint,

    /// <summary>Kernel function or tracepoint by BTF id (fentry, fexit, fmod_ret, fsession, tp_btf).</summary>
    Tracing,

    /// <summary>Kernel functions by BTF ids, one link for all (newer than Linux 6.19).</summary>
    TracingMulti,

    /// <summary>Function of another BPF program (freplace).</summary>
    Replace,

    /// <summary>Security hook.</summary>
    Lsm,

    /// <summary>Iterator: read from a file.</summary>
    Iterator,

    /// <summary>Network interface, before the stack.</summary>
    Xdp,

    /// <summary>Entry of a devmap or cpumap.</summary>
    MapEntry,

    /// <summary>Network interface, traffic control without a qdisc (Linux 6.6).</summary>
    Tcx,

    /// <summary>Traffic control filter or action of a qdisc.</summary>
    TrafficControl,

    /// <summary>Netkit device (Linux 6.7).</summary>
    Netkit,

    /// <summary>Control group.</summary>
    Cgroup,

    /// <summary>Socket map.</summary>
    SockMap,

    /// <summary>Network namespace (flow dissector, socket lookup).</summary>
    NetworkNamespace,

    /// <summary>Netfilter hook (Linux 6.4).</summary>
    Netfilter,

    /// <summary>Route, through lightweight tunnels.</summary>
    Route,

    /// <summary>Perf event.</summary>
    PerfEvent,

    /// <summary>Infrared receiver.</summary>
    Lirc,

    /// <summary>A member of a struct of kernel callbacks; attached with the struct.</summary>
    StructOps,
}
