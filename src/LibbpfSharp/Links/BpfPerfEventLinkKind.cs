namespace LibbpfSharp;

/// <summary>What event a link on a perf event is of, as enum bpf_perf_event_type of linux/bpf.h.</summary>
public enum BpfPerfEventLinkKind : uint
{
    /// <summary>The kernel does not tell (before 6.6).</summary>
    Unspec = 0,

    /// <summary>BPF_PERF_EVENT_UPROBE.</summary>
    Uprobe = 1,

    /// <summary>BPF_PERF_EVENT_URETPROBE.</summary>
    Uretprobe = 2,

    /// <summary>BPF_PERF_EVENT_KPROBE.</summary>
    Kprobe = 3,

    /// <summary>BPF_PERF_EVENT_KRETPROBE.</summary>
    Kretprobe = 4,

    /// <summary>BPF_PERF_EVENT_TRACEPOINT.</summary>
    Tracepoint = 5,

    /// <summary>BPF_PERF_EVENT_EVENT: a counter of hardware or software.</summary>
    Event = 6,
}
