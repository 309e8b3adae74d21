using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct bpf_attr_map_create
{
    [FieldOffset(0)] public uint map_type;
    [FieldOffset(4)] public uint key_size;
    [FieldOffset(8)] public uint value_size;
    [FieldOffset(12)] public uint max_entries;
    [FieldOffset(16)] public uint map_flags;
    [FieldOffset(20)] public uint inner_map_fd;
    [FieldOffset(24)] public uint numa_node;
    [FieldOffset(28)] public bpf_obj_name map_name;
    [FieldOffset(44)] public uint map_ifindex;
    [FieldOffset(48)] public uint btf_fd;
    [FieldOffset(52)] public uint btf_key_type_id;
    [FieldOffset(56)] public uint btf_value_type_id;
    [FieldOffset(60)] public uint btf_vmlinux_value_type_id;
    [FieldOffset(64)] public ulong map_extra;
    [FieldOffset(72)] public int value_type_btf_obj_fd;
    [FieldOffset(76)] public int map_token_fd;
    [FieldOffset(80)] public ulong excl_prog_hash;
    [FieldOffset(88)] public uint excl_prog_hash_size;
}

/// <summary>BPF_MAP_*_ELEM and BPF_MAP_GET_NEXT_KEY; value and next_key share their place. Also BPF_MAP_FREEZE (map_fd).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct bpf_attr_map_elem
{
    [FieldOffset(0)] public uint map_fd;
    [FieldOffset(8)] public ulong key;
    [FieldOffset(16)] public ulong value;
    [FieldOffset(16)] public ulong next_key;
    [FieldOffset(24)] public ulong flags;
}

/// <summary>BPF_MAP_*_BATCH.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct bpf_attr_batch
{
    [FieldOffset(0)] public ulong in_batch;
    [FieldOffset(8)] public ulong out_batch;
    [FieldOffset(16)] public ulong keys;
    [FieldOffset(24)] public ulong values;
    [FieldOffset(32)] public uint count;
    [FieldOffset(36)] public uint map_fd;
    [FieldOffset(40)] public ulong elem_flags;
    [FieldOffset(48)] public ulong flags;
}

/// <summary>BPF_PROG_LOAD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 168)]
internal struct bpf_attr_prog_load
{
    [FieldOffset(0)] public uint prog_type;
    [FieldOffset(4)] public uint insn_cnt;
    [FieldOffset(8)] public ulong insns;
    [FieldOffset(16)] public ulong license;
    [FieldOffset(24)] public uint log_level;
    [FieldOffset(28)] public uint log_size;
    [FieldOffset(32)] public ulong log_buf;
    [FieldOffset(40)] public uint kern_version;
    [FieldOffset(44)] public uint prog_flags;
    [FieldOffset(48)] public bpf_obj_name prog_name;
    [FieldOffset(64)] public uint prog_ifindex;
    [FieldOffset(68)] public uint expected_attach_type;
    [FieldOffset(72)] public uint prog_btf_fd;
    [FieldOffset(76)] public uint func_info_rec_size;
    [FieldOffset(80)] public ulong func_info;
    [FieldOffset(88)] public uint func_info_cnt;
    [FieldOffset(92)] public uint line_info_rec_size;
    [FieldOffset(96)] public ulong line_info;
    [FieldOffset(104)] public uint line_info_cnt;
    [FieldOffset(108)] public uint attach_btf_id;
    [FieldOffset(112)] public uint attach_prog_fd;
    [FieldOffset(112)] public uint attach_btf_obj_fd;
    [FieldOffset(116)] public uint core_relo_cnt;
    [FieldOffset(120)] public ulong fd_array;
    [FieldOffset(128)] public ulong core_relos;
    [FieldOffset(136)] public uint core_relo_rec_size;
    [FieldOffset(140)] public uint log_true_size;
    [FieldOffset(144)] public int prog_token_fd;
    [FieldOffset(148)] public uint fd_array_cnt;
    [FieldOffset(152)] public ulong signature;
    [FieldOffset(160)] public uint signature_size;
    [FieldOffset(164)] public int keyring_id;
}

/// <summary>BPF_OBJ_PIN and BPF_OBJ_GET.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct bpf_attr_obj
{
    [FieldOffset(0)] public ulong pathname;
    [FieldOffset(8)] public uint bpf_fd;
    [FieldOffset(12)] public uint file_flags;
    [FieldOffset(16)] public int path_fd;
}

/// <summary>BPF_PROG_ATTACH and BPF_PROG_DETACH.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct bpf_attr_prog_attach
{
    [FieldOffset(0)] public uint target_fd;
    [FieldOffset(0)] public uint target_ifindex;
    [FieldOffset(4)] public uint attach_bpf_fd;
    [FieldOffset(8)] public uint attach_type;
    [FieldOffset(12)] public uint attach_flags;
    [FieldOffset(16)] public uint replace_bpf_fd;
    [FieldOffset(20)] public uint relative_fd;
    [FieldOffset(20)] public uint relative_id;
    [FieldOffset(24)] public ulong expected_revision;
}

/// <summary>BPF_PROG_TEST_RUN.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct bpf_attr_test
{
    [FieldOffset(0)] public uint prog_fd;
    [FieldOffset(4)] public uint retval;
    [FieldOffset(8)] public uint data_size_in;
    [FieldOffset(12)] public uint data_size_out;
    [FieldOffset(16)] public ulong data_in;
    [FieldOffset(24)] public ulong data_out;
    [FieldOffset(32)] public uint repeat;
    [FieldOffset(36)] public uint duration;
    [FieldOffset(40)] public uint ctx_size_in;
    [FieldOffset(44)] public uint ctx_size_out;
    [FieldOffset(48)] public ulong ctx_in;
    [FieldOffset(56)] public ulong ctx_out;
    [FieldOffset(64)] public uint flags;
    [FieldOffset(68)] public uint cpu;
    [FieldOffset(72)] public uint batch_size;
}

/// <summary>BPF_*_GET_NEXT_ID and BPF_*_GET_FD_BY_ID; id stands for start_id, map_id, prog_id, btf_id, link_id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct bpf_attr_get_id
{
    [FieldOffset(0)] public uint id;
    [FieldOffset(4)] public uint next_id;
    [FieldOffset(8)] public uint open_flags;
    [FieldOffset(12)] public int fd_by_id_token_fd;
}

/// <summary>BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct bpf_attr_info
{
    [FieldOffset(0)] public uint bpf_fd;
    [FieldOffset(4)] public uint info_len;
    [FieldOffset(8)] public ulong info;
}

/// <summary>BPF_PROG_QUERY.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct bpf_attr_query
{
    [FieldOffset(0)] public uint target_fd;
    [FieldOffset(0)] public uint target_ifindex;
    [FieldOffset(4)] public uint attach_type;
    [FieldOffset(8)] public uint query_flags;
    [FieldOffset(12)] public uint attach_flags;
    [FieldOffset(16)] public ulong prog_ids;
    [FieldOffset(24)] public uint count;
    [FieldOffset(32)] public ulong prog_attach_flags;
    [FieldOffset(40)] public ulong link_ids;
    [FieldOffset(48)] public ulong link_attach_flags;
    [FieldOffset(56)] public ulong revision;
}

/// <summary>BPF_RAW_TRACEPOINT_OPEN.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct bpf_attr_raw_tracepoint
{
    [FieldOffset(0)] public ulong name;
    [FieldOffset(8)] public uint prog_fd;
    [FieldOffset(16)] public ulong cookie;
}

/// <summary>BPF_BTF_LOAD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct bpf_attr_btf_load
{
    [FieldOffset(0)] public ulong btf;
    [FieldOffset(8)] public ulong btf_log_buf;
    [FieldOffset(16)] public uint btf_size;
    [FieldOffset(20)] public uint btf_log_size;
    [FieldOffset(24)] public uint btf_log_level;
    [FieldOffset(28)] public uint btf_log_true_size;
    [FieldOffset(32)] public uint btf_flags;
    [FieldOffset(36)] public int btf_token_fd;
}

/// <summary>BPF_TASK_FD_QUERY.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct bpf_attr_task_fd_query
{
    [FieldOffset(0)] public uint pid;
    [FieldOffset(4)] public uint fd;
    [FieldOffset(8)] public uint flags;
    [FieldOffset(12)] public uint buf_len;
    [FieldOffset(16)] public ulong buf;
    [FieldOffset(24)] public uint prog_id;
    [FieldOffset(28)] public uint fd_type;
    [FieldOffset(32)] public ulong probe_offset;
    [FieldOffset(40)] public ulong probe_addr;
}

/// <summary>BPF_LINK_CREATE; what follows flags depends on the attach type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct bpf_attr_link_create
{
    [FieldOffset(0)] public uint prog_fd;
    [FieldOffset(0)] public uint map_fd;
    [FieldOffset(4)] public uint target_fd;
    [FieldOffset(4)] public uint target_ifindex;
    [FieldOffset(8)] public uint attach_type;
    [FieldOffset(12)] public uint flags;
    [FieldOffset(16)] public uint target_btf_id;
    [FieldOffset(16)] public ulong iter_info;
    [FieldOffset(24)] public uint iter_info_len;
    [FieldOffset(16)] public ulong perf_event_bpf_cookie;
    [FieldOffset(16)] public uint kprobe_multi_flags;
    [FieldOffset(20)] public uint kprobe_multi_cnt;
    [FieldOffset(24)] public ulong kprobe_multi_syms;
    [FieldOffset(32)] public ulong kprobe_multi_addrs;
    [FieldOffset(40)] public ulong kprobe_multi_cookies;
    [FieldOffset(24)] public ulong tracing_cookie;
    [FieldOffset(16)] public uint netfilter_pf;
    [FieldOffset(20)] public uint netfilter_hooknum;
    [FieldOffset(24)] public int netfilter_priority;
    [FieldOffset(28)] public uint netfilter_flags;
    [FieldOffset(16)] public uint relative_fd;
    [FieldOffset(16)] public uint relative_id;
    [FieldOffset(24)] public ulong expected_revision;
    [FieldOffset(16)] public ulong uprobe_multi_path;
    [FieldOffset(24)] public ulong uprobe_multi_offsets;
    [FieldOffset(32)] public ulong uprobe_multi_ref_ctr_offsets;
    [FieldOffset(40)] public ulong uprobe_multi_cookies;
    [FieldOffset(48)] public uint uprobe_multi_cnt;
    [FieldOffset(52)] public uint uprobe_multi_flags;
    [FieldOffset(56)] public uint uprobe_multi_pid;
}

/// <summary>BPF_LINK_UPDATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct bpf_attr_link_update
{
    [FieldOffset(0)] public uint link_fd;
    [FieldOffset(4)] public uint new_prog_fd;
    [FieldOffset(4)] public uint new_map_fd;
    [FieldOffset(8)] public uint flags;
    [FieldOffset(12)] public uint old_prog_fd;
    [FieldOffset(12)] public uint old_map_fd;
}

/// <summary>BPF_LINK_DETACH.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4)]
internal struct bpf_attr_link_detach
{
    [FieldOffset(0)] public uint link_fd;
}

/// <summary>BPF_ENABLE_STATS.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4)]
internal struct bpf_attr_enable_stats
{
    [FieldOffset(0)] public uint type;
}

/// <summary>BPF_ITER_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct bpf_attr_iter_create
{
    [FieldOffset(0)] public uint link_fd;
    [FieldOffset(4)] public uint flags;
}

/// <summary>BPF_PROG_BIND_MAP.</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct bpf_attr_prog_bind_map
{
    [FieldOffset(0)] public uint prog_fd;
    [FieldOffset(4)] public uint map_fd;
    [FieldOffset(8)] public uint flags;
}

/// <summary>BPF_TOKEN_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct bpf_attr_token_create
{
    [FieldOffset(0)] public uint flags;
    [FieldOffset(4)] public uint bpffs_fd;
}

/// <summary>BPF_PROG_STREAM_READ_BY_FD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct bpf_attr_prog_stream_read
{
    [FieldOffset(0)] public ulong stream_buf;
    [FieldOffset(8)] public uint stream_buf_len;
    [FieldOffset(12)] public uint stream_id;
    [FieldOffset(16)] public uint prog_fd;
}

/// <summary>BPF_PROG_ASSOC_STRUCT_OPS.</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct bpf_attr_prog_assoc_struct_ops
{
    [FieldOffset(0)] public uint map_fd;
    [FieldOffset(4)] public uint prog_fd;
    [FieldOffset(8)] public uint flags;
}
