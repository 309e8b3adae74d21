namespace LibbpfSharp.Formats.Objects;

/// <summary>Names of the numbers of uapi/linux/bpf.h, without their prefix: map type 5 is <c>PERCPU_HASH</c>.</summary>
public static class BpfTypeNames
{
    // Each in the order of its enumeration.
    private static readonly string[] s_mapTypes =
    [
        "UNSPEC", "HASH", "ARRAY", "PROG_ARRAY", "PERF_EVENT_ARRAY", "PERCPU_HASH", "PERCPU_ARRAY", "STACK_TRACE", "CGROUP_ARRAY",
        "LRU_HASH", "LRU_PERCPU_HASH", "LPM_TRIE", "ARRAY_OF_MAPS", "HASH_OF_MAPS", "DEVMAP", "SOCKMAP", "CPUMAP", "XSKMAP", "SOCKHASH",
        "CGROUP_STORAGE", "REUSEPORT_SOCKARRAY", "PERCPU_CGROUP_STORAGE", "QUEUE", "STACK", "SK_STORAGE", "DEVMAP_HASH", "STRUCT_OPS",
        "RINGBUF", "INODE_STORAGE", "TASK_STORAGE", "BLOOM_FILTER", "USER_RINGBUF", "CGRP_STORAGE", "ARENA", "INSN_ARRAY", "RHASH",
    ];

    private static readonly string[] s_programTypes =
    [
        "UNSPEC", "SOCKET_FILTER", "KPROBE", "SCHED_CLS", "SCHED_ACT", "TRACEPOINT", "XDP", "PERF_EVENT", "CGROUP_SKB", "CGROUP_SOCK",
        "LWT_IN", "LWT_OUT", "LWT_XMIT", "SOCK_OPS", "SK_SKB", "CGROUP_DEVICE", "SK_MSG", "RAW_TRACEPOINT", "CGROUP_SOCK_ADDR",
        "LWT_SEG6LOCAL", "LIRC_MODE2", "SK_REUSEPORT", "FLOW_DISSECTOR", "CGROUP_SYSCTL", "RAW_TRACEPOINT_WRITABLE", "CGROUP_SOCKOPT",
        "TRACING", "STRUCT_OPS", "EXT", "LSM", "SK_LOOKUP", "SYSCALL", "NETFILTER",
    ];

    private static readonly string[] s_attachTypes =
    [
        "CGROUP_INET_INGRESS", "CGROUP_INET_EGRESS", "CGROUP_INET_SOCK_CREATE", "CGROUP_SOCK_OPS", "SK_SKB_STREAM_PARSER",
        "SK_SKB_STREAM_VERDICT", "CGROUP_DEVICE", "SK_MSG_VERDICT", "CGROUP_INET4_BIND", "CGROUP_INET6_BIND", "CGROUP_INET4_CONNECT",
        "CGROUP_INET6_CONNECT", "CGROUP_INET4_POST_BIND", "CGROUP_INET6_POST_BIND", "CGROUP_UDP4_SENDMSG", "CGROUP_UDP6_SENDMSG",
        "LIRC_MODE2", "FLOW_DISSECTOR", "CGROUP_SYSCTL", "CGROUP_UDP4_RECVMSG", "CGROUP_UDP6_RECVMSG", "CGROUP_GETSOCKOPT",
        "CGROUP_SETSOCKOPT", "TRACE_RAW_TP", "TRACE_FENTRY", "TRACE_FEXIT", "MODIFY_RETURN", "LSM_MAC", "TRACE_ITER",
        "CGROUP_INET4_GETPEERNAME", "CGROUP_INET6_GETPEERNAME", "CGROUP_INET4_GETSOCKNAME", "CGROUP_INET6_GETSOCKNAME", "XDP_DEVMAP",
        "CGROUP_INET_SOCK_RELEASE", "XDP_CPUMAP", "SK_LOOKUP", "XDP", "SK_SKB_VERDICT", "SK_REUSEPORT_SELECT",
        "SK_REUSEPORT_SELECT_OR_MIGRATE", "PERF_EVENT", "TRACE_KPROBE_MULTI", "LSM_CGROUP", "STRUCT_OPS", "NETFILTER", "TCX_INGRESS",
        "TCX_EGRESS", "TRACE_UPROBE_MULTI", "CGROUP_UNIX_CONNECT", "CGROUP_UNIX_SENDMSG", "CGROUP_UNIX_RECVMSG", "CGROUP_UNIX_GETPEERNAME",
        "CGROUP_UNIX_GETSOCKNAME", "NETKIT_PRIMARY", "NETKIT_PEER", "TRACE_KPROBE_SESSION", "TRACE_UPROBE_SESSION", "TRACE_FSESSION",
        "TRACE_FENTRY_MULTI", "TRACE_FEXIT_MULTI", "TRACE_FSESSION_MULTI",
    ];

    /// <summary>Name of a map type (enum bpf_map_type).</summary>
    /// <param name="type">Number of the type.</param>
    /// <returns>For example <c>PERCPU_HASH</c>; the number for a type that is not known.</returns>
    public static string GetMapType(uint type) => Get(s_mapTypes, type);

    /// <summary>Name of a program type (enum bpf_prog_type).</summary>
    /// <param name="type">Number of the type.</param>
    /// <returns>For example <c>SCHED_CLS</c>; the number for a type that is not known.</returns>
    public static string GetProgramType(uint type) => Get(s_programTypes, type);

    /// <summary>Name of an attach type (enum bpf_attach_type).</summary>
    /// <param name="type">Number of the type.</param>
    /// <returns>For example <c>TRACE_FENTRY</c>; the number for a type that is not known.</returns>
    public static string GetAttachType(uint type) => Get(s_attachTypes, type);

    internal static uint MapType(string name) => Find(s_mapTypes, name);

    internal static uint ProgramType(string name) => Find(s_programTypes, name);

    internal static uint AttachType(string name) => Find(s_attachTypes, name);

    private static string Get(string[] names, uint number) => number < (uint)names.Length ? names[number] : number.ToString();

    private static uint Find(string[] names, string name)
    {
        int index = Array.IndexOf(names, name);
        return index >= 0 ? (uint)index : throw new ArgumentException($"There is no type '{name}'.", nameof(name));
    }
}
