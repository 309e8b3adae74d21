using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Formats;

/// <summary>
/// The Linux version that first had a feature: hints for messages and listings. A distribution's kernel may have more, so
/// whether a feature is there is for a probe to tell.
/// </summary>
public static class KernelVersions
{
    // Helpers are numbered in the order in which they came: the last id of each version.
    private static readonly (int LastId, Version Version)[] s_helpers =
    [
        (3, new(3, 19)), (11, new(4, 1)), (16, new(4, 2)), (22, new(4, 3)), (25, new(4, 4)), (26, new(4, 5)), (30, new(4, 6)),
        (36, new(4, 8)), (41, new(4, 9)), (44, new(4, 10)), (45, new(4, 11)), (47, new(4, 12)), (50, new(4, 13)), (53, new(4, 14)),
        (57, new(4, 15)), (59, new(4, 16)), (64, new(4, 17)), (80, new(4, 18)), (83, new(4, 19)), (90, new(4, 20)), (92, new(5, 0)),
        (98, new(5, 1)), (108, new(5, 2)), (110, new(5, 3)), (118, new(5, 5)), (119, new(5, 6)), (124, new(5, 7)), (135, new(5, 8)),
        (141, new(5, 9)), (155, new(5, 10)), (162, new(5, 11)), (163, new(5, 12)), (165, new(5, 13)), (168, new(5, 14)), (175, new(5, 15)),
        (179, new(5, 16)), (185, new(5, 17)), (193, new(5, 18)), (203, new(5, 19)), (207, new(6, 0)), (209, new(6, 1)), (211, new(6, 2)),
    ];

    private static readonly Dictionary<uint, Version> s_mapTypes = Table(BpfTypeNames.MapType, new()
    {
        ["3.19"] = "HASH ARRAY",
        ["4.2"] = "PROG_ARRAY",
        ["4.3"] = "PERF_EVENT_ARRAY",
        ["4.6"] = "PERCPU_HASH PERCPU_ARRAY STACK_TRACE",
        ["4.8"] = "CGROUP_ARRAY",
        ["4.10"] = "LRU_HASH LRU_PERCPU_HASH",
        ["4.11"] = "LPM_TRIE",
        ["4.12"] = "ARRAY_OF_MAPS HASH_OF_MAPS",
        ["4.14"] = "DEVMAP SOCKMAP",
        ["4.15"] = "CPUMAP",
        ["4.18"] = "XSKMAP SOCKHASH",
        ["4.19"] = "CGROUP_STORAGE REUSEPORT_SOCKARRAY",
        ["4.20"] = "PERCPU_CGROUP_STORAGE QUEUE STACK",
        ["5.2"] = "SK_STORAGE",
        ["5.4"] = "DEVMAP_HASH",
        ["5.6"] = "STRUCT_OPS",
        ["5.8"] = "RINGBUF",
        ["5.10"] = "INODE_STORAGE",
        ["5.11"] = "TASK_STORAGE",
        ["5.16"] = "BLOOM_FILTER",
        ["6.1"] = "USER_RINGBUF",
        ["6.2"] = "CGRP_STORAGE",
        ["6.9"] = "ARENA",
        ["6.19"] = "INSN_ARRAY",
    });

    private static readonly Dictionary<uint, Version> s_programTypes = Table(BpfTypeNames.ProgramType, new()
    {
        ["3.19"] = "SOCKET_FILTER",
        ["4.1"] = "KPROBE SCHED_CLS SCHED_ACT",
        ["4.7"] = "TRACEPOINT",
        ["4.8"] = "XDP",
        ["4.9"] = "PERF_EVENT",
        ["4.10"] = "CGROUP_SKB CGROUP_SOCK LWT_IN LWT_OUT LWT_XMIT",
        ["4.13"] = "SOCK_OPS",
        ["4.14"] = "SK_SKB",
        ["4.15"] = "CGROUP_DEVICE",
        ["4.17"] = "SK_MSG RAW_TRACEPOINT CGROUP_SOCK_ADDR",
        ["4.18"] = "LWT_SEG6LOCAL LIRC_MODE2",
        ["4.19"] = "SK_REUSEPORT",
        ["4.20"] = "FLOW_DISSECTOR",
        ["5.2"] = "CGROUP_SYSCTL RAW_TRACEPOINT_WRITABLE",
        ["5.3"] = "CGROUP_SOCKOPT",
        ["5.5"] = "TRACING",
        ["5.6"] = "STRUCT_OPS EXT",
        ["5.7"] = "LSM",
        ["5.9"] = "SK_LOOKUP",
        ["5.14"] = "SYSCALL",
        ["6.4"] = "NETFILTER",
    });

    // Only those that are younger than all program types that they go with.
    private static readonly Dictionary<uint, Version> s_attachTypes = Table(BpfTypeNames.AttachType, new()
    {
        ["5.8"] = "TRACE_ITER XDP_DEVMAP CGROUP_INET4_GETPEERNAME CGROUP_INET6_GETPEERNAME CGROUP_INET4_GETSOCKNAME CGROUP_INET6_GETSOCKNAME",
        ["5.9"] = "XDP_CPUMAP CGROUP_INET_SOCK_RELEASE",
        ["5.13"] = "SK_SKB_VERDICT",
        ["5.14"] = "SK_REUSEPORT_SELECT_OR_MIGRATE",
        ["5.18"] = "TRACE_KPROBE_MULTI",
        ["6.0"] = "LSM_CGROUP",
        ["6.6"] = "TCX_INGRESS TCX_EGRESS TRACE_UPROBE_MULTI",
        ["6.7"] = "NETKIT_PRIMARY NETKIT_PEER CGROUP_UNIX_CONNECT CGROUP_UNIX_SENDMSG CGROUP_UNIX_RECVMSG CGROUP_UNIX_GETPEERNAME CGROUP_UNIX_GETSOCKNAME",
        ["6.10"] = "TRACE_KPROBE_SESSION",
        ["6.13"] = "TRACE_UPROBE_SESSION",
    });

    /// <summary>The version that first had a helper.</summary>
    /// <param name="helper">The helper.</param>
    /// <returns>The version, or null for an id that is not known.</returns>
    public static Version? OfHelper(BpfHelperId helper)
    {
        if (helper <= 0)
            return null;
        foreach ((int lastId, Version version) in s_helpers)
        {
            if ((int)helper <= lastId)
                return version;
        }

        return null;
    }

    /// <summary>The version that first had a map type.</summary>
    /// <param name="type">enum bpf_map_type.</param>
    /// <returns>The version, or null if it is not known.</returns>
    public static Version? OfMapType(uint type) => s_mapTypes.GetValueOrDefault(type);

    /// <summary>The version that first had a program type.</summary>
    /// <param name="type">enum bpf_prog_type.</param>
    /// <returns>The version, or null if it is not known.</returns>
    public static Version? OfProgramType(uint type) => s_programTypes.GetValueOrDefault(type);

    /// <summary>The version that first had an attach type, if that says more than the program type.</summary>
    /// <param name="type">enum bpf_attach_type.</param>
    /// <returns>The version, or null if it is not known or no later than that of the program type.</returns>
    public static Version? OfAttachType(uint type) => s_attachTypes.GetValueOrDefault(type);

    /// <summary>Since when BPF_LINK_CREATE takes an attach type; the type itself may be older.</summary>
    /// <param name="type">enum bpf_attach_type.</param>
    /// <returns>The version, null if unknown.</returns>
    public static Version? OfLink(uint type)
    {
        string name = BpfTypeNames.GetAttachType(type);
        Version? link = name switch
        {
            "XDP" => new(5, 9),
            "FLOW_DISSECTOR" => new(5, 8),
            "PERF_EVENT" => new(5, 15),
            "STRUCT_OPS" or "NETFILTER" => new(6, 4),
            "SK_MSG_VERDICT" or "SK_SKB_VERDICT" or "SK_SKB_STREAM_PARSER" or "SK_SKB_STREAM_VERDICT" => new(6, 10),
            _ when name.StartsWith("CGROUP_", StringComparison.Ordinal) => new(5, 7),
            _ => null,
        };
        Version? own = OfAttachType(type);
        return own is null || (link is not null && link > own) ? link : own;
    }

    /// <summary>The version that first took an instruction, with what it calls or loads.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <returns>The version, or null if every kernel with bpf(2) takes it.</returns>
    public static Version? OfInstruction(BpfInstruction instruction) => instruction.Class switch
    {
        BpfOpcode.Jmp when instruction.IsHelperCall => OfHelper((BpfHelperId)instruction.Immediate),
        BpfOpcode.Jmp when instruction.IsPseudoCall => new(4, 16),
        BpfOpcode.Jmp when instruction.IsKfuncCall => new(5, 13),
        BpfOpcode.Jmp when instruction.Operation == BpfOpcode.Jcond => new(6, 9),
        BpfOpcode.Jmp when instruction.Operation is BpfOpcode.Jlt or BpfOpcode.Jle or BpfOpcode.Jslt or BpfOpcode.Jsle => new(4, 14),
        BpfOpcode.Jmp32 when instruction.Operation == BpfOpcode.Ja => new(6, 6),
        BpfOpcode.Jmp32 => new(5, 1),
        BpfOpcode.Ldx when instruction.Mode == BpfOpcode.MemSx => new(6, 6),
        BpfOpcode.Stx when instruction.Mode == BpfOpcode.Atomic => (BpfAtomicOperation)instruction.Immediate switch
        {
            BpfAtomicOperation.Add => null,
            BpfAtomicOperation.LoadAcquire or BpfAtomicOperation.StoreRelease => new(6, 15),
            _ => new(5, 12),
        },
        BpfOpcode.Alu64 when instruction.Operation == BpfOpcode.End => new(6, 6),
        BpfOpcode.Alu or BpfOpcode.Alu64 when instruction.Offset != 0 =>
            instruction.Operation == BpfOpcode.Mov && instruction.Offset == 1 ? new(6, 9) : new(6, 6),
        BpfOpcode.Ld when instruction.IsLoadImm64 => instruction.Src switch
        {
            BpfPseudo.MapValue => new(5, 2),
            BpfPseudo.BtfId => new(5, 10),
            BpfPseudo.Func => new(5, 13),
            BpfPseudo.MapIdx or BpfPseudo.MapIdxValue => new(5, 14),
            _ => null,
        },
        _ => null,
    };

    private static Dictionary<uint, Version> Table(Func<string, uint> number, Dictionary<string, string> versions)
    {
        Dictionary<uint, Version> table = [];
        foreach ((string version, string names) in versions)
        {
            foreach (string name in names.Split(' '))
                table.Add(number(name), Version.Parse(version));
        }

        return table;
    }
}
