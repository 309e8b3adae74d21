using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>struct bpf_map_info (104 bytes, Linux 6.18).</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal struct bpf_map_info
{
    [FieldOffset(0)] public uint type;
    [FieldOffset(4)] public uint id;
    [FieldOffset(8)] public uint key_size;
    [FieldOffset(12)] public uint value_size;
    [FieldOffset(16)] public uint max_entries;
    [FieldOffset(20)] public uint map_flags;
    [FieldOffset(24)] public bpf_obj_name name;
    [FieldOffset(40)] public uint ifindex;
    [FieldOffset(44)] public uint btf_vmlinux_value_type_id;
    [FieldOffset(48)] public ulong netns_dev;
    [FieldOffset(56)] public ulong netns_ino;
    [FieldOffset(64)] public uint btf_id;
    [FieldOffset(68)] public uint btf_key_type_id;
    [FieldOffset(72)] public uint btf_value_type_id;
    [FieldOffset(76)] public uint btf_vmlinux_id;
    [FieldOffset(80)] public ulong map_extra;
    [FieldOffset(88)] public ulong hash;
    [FieldOffset(96)] public uint hash_size;
}

/// <summary>struct bpf_prog_info (232 bytes).</summary>
[StructLayout(LayoutKind.Explicit, Size = 232)]
internal struct bpf_prog_info
{
    [FieldOffset(0)] public uint type;
    [FieldOffset(4)] public uint id;
    [FieldOffset(8)] public ulong tag;
    [FieldOffset(16)] public uint jited_prog_len;
    [FieldOffset(20)] public uint xlated_prog_len;
    [FieldOffset(24)] public ulong jited_prog_insns;
    [FieldOffset(32)] public ulong xlated_prog_insns;
    [FieldOffset(40)] public ulong load_time;
    [FieldOffset(48)] public uint created_by_uid;
    [FieldOffset(52)] public uint nr_map_ids;
    [FieldOffset(56)] public ulong map_ids;
    [FieldOffset(64)] public bpf_obj_name name;
    [FieldOffset(80)] public uint ifindex;
    [FieldOffset(84)] public uint gpl_compatible;
    [FieldOffset(88)] public ulong netns_dev;
    [FieldOffset(96)] public ulong netns_ino;
    [FieldOffset(104)] public uint nr_jited_ksyms;
    [FieldOffset(108)] public uint nr_jited_func_lens;
    [FieldOffset(112)] public ulong jited_ksyms;
    [FieldOffset(120)] public ulong jited_func_lens;
    [FieldOffset(128)] public uint btf_id;
    [FieldOffset(132)] public uint func_info_rec_size;
    [FieldOffset(136)] public ulong func_info;
    [FieldOffset(144)] public uint nr_func_info;
    [FieldOffset(148)] public uint nr_line_info;
    [FieldOffset(152)] public ulong line_info;
    [FieldOffset(160)] public ulong jited_line_info;
    [FieldOffset(168)] public uint nr_jited_line_info;
    [FieldOffset(172)] public uint line_info_rec_size;
    [FieldOffset(176)] public uint jited_line_info_rec_size;
    [FieldOffset(180)] public uint nr_prog_tags;
    [FieldOffset(184)] public ulong prog_tags;
    [FieldOffset(192)] public ulong run_time_ns;
    [FieldOffset(200)] public ulong run_cnt;
    [FieldOffset(208)] public ulong recursion_misses;
    [FieldOffset(216)] public uint verified_insns;
    [FieldOffset(220)] public uint attach_btf_obj_id;
    [FieldOffset(224)] public uint attach_btf_id;
}

/// <summary>struct bpf_btf_info (32 bytes).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct bpf_btf_info
{
    [FieldOffset(0)] public ulong btf;
    [FieldOffset(8)] public uint btf_size;
    [FieldOffset(12)] public uint id;
    [FieldOffset(16)] public ulong name;
    [FieldOffset(24)] public uint name_len;
    [FieldOffset(28)] public uint kernel_btf;
}

/// <summary>struct bpf_link_info (64 bytes); what follows prog_id depends on the link type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct bpf_link_info
{
    [FieldOffset(0)] public uint type;
    [FieldOffset(4)] public uint id;
    [FieldOffset(8)] public uint prog_id;
    [FieldOffset(16)] public ulong raw_tracepoint_tp_name;
    [FieldOffset(24)] public uint raw_tracepoint_tp_name_len;
    [FieldOffset(32)] public ulong raw_tracepoint_cookie;
    [FieldOffset(16)] public uint tracing_attach_type;
    [FieldOffset(20)] public uint tracing_target_obj_id;
    [FieldOffset(24)] public uint tracing_target_btf_id;
    [FieldOffset(32)] public ulong tracing_cookie;
    [FieldOffset(16)] public ulong cgroup_cgroup_id;
    [FieldOffset(24)] public uint cgroup_attach_type;
    [FieldOffset(16)] public ulong iter_target_name;
    [FieldOffset(24)] public uint iter_target_name_len;
    [FieldOffset(28)] public uint iter_map_id;
    [FieldOffset(32)] public ulong iter_cgroup_id;
    [FieldOffset(40)] public uint iter_cgroup_order;
    [FieldOffset(32)] public uint iter_task_tid;
    [FieldOffset(36)] public uint iter_task_pid;
    [FieldOffset(16)] public uint netns_ino;
    [FieldOffset(20)] public uint netns_attach_type;
    [FieldOffset(16)] public uint xdp_ifindex;
    [FieldOffset(16)] public uint struct_ops_map_id;
    [FieldOffset(16)] public uint netfilter_pf;
    [FieldOffset(20)] public uint netfilter_hooknum;
    [FieldOffset(24)] public int netfilter_priority;
    [FieldOffset(28)] public uint netfilter_flags;
    [FieldOffset(16)] public ulong kprobe_multi_addrs;
    [FieldOffset(24)] public uint kprobe_multi_count;
    [FieldOffset(28)] public uint kprobe_multi_flags;
    [FieldOffset(32)] public ulong kprobe_multi_missed;
    [FieldOffset(40)] public ulong kprobe_multi_cookies;
    [FieldOffset(16)] public ulong uprobe_multi_path;
    [FieldOffset(24)] public ulong uprobe_multi_offsets;
    [FieldOffset(32)] public ulong uprobe_multi_ref_ctr_offsets;
    [FieldOffset(40)] public ulong uprobe_multi_cookies;
    [FieldOffset(48)] public uint uprobe_multi_path_size;
    [FieldOffset(52)] public uint uprobe_multi_count;
    [FieldOffset(56)] public uint uprobe_multi_flags;
    [FieldOffset(60)] public uint uprobe_multi_pid;
    [FieldOffset(16)] public uint perf_event_type;
    [FieldOffset(24)] public ulong perf_event_name;
    [FieldOffset(32)] public uint perf_event_name_len;
    [FieldOffset(36)] public uint perf_event_offset;
    [FieldOffset(40)] public ulong perf_event_uprobe_cookie;
    [FieldOffset(48)] public ulong perf_event_uprobe_ref_ctr_offset;
    [FieldOffset(40)] public ulong perf_event_kprobe_addr;
    [FieldOffset(48)] public ulong perf_event_kprobe_missed;
    [FieldOffset(56)] public ulong perf_event_kprobe_cookie;
    [FieldOffset(40)] public ulong perf_event_tracepoint_cookie;
    [FieldOffset(24)] public ulong perf_event_event_config;
    [FieldOffset(32)] public uint perf_event_event_type;
    [FieldOffset(40)] public ulong perf_event_event_cookie;
    [FieldOffset(16)] public uint tcx_ifindex;
    [FieldOffset(20)] public uint tcx_attach_type;
    [FieldOffset(16)] public uint netkit_ifindex;
    [FieldOffset(20)] public uint netkit_attach_type;
    [FieldOffset(16)] public uint sockmap_map_id;
    [FieldOffset(20)] public uint sockmap_attach_type;
}
