using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

public partial struct BpfAttr
{
    [FieldOffset(0)] internal bpf_attr_map_create map_create;
    [FieldOffset(0)] internal bpf_attr_map_elem map_elem;
    [FieldOffset(0)] internal bpf_attr_batch batch;
    [FieldOffset(0)] internal bpf_attr_prog_load prog_load;
    [FieldOffset(0)] internal bpf_attr_obj obj;
    [FieldOffset(0)] internal bpf_attr_prog_attach prog_attach;
    [FieldOffset(0)] internal bpf_attr_test test;
    [FieldOffset(0)] internal bpf_attr_get_id get_id;
    [FieldOffset(0)] internal bpf_attr_info info;
    [FieldOffset(0)] internal bpf_attr_query query;
    [FieldOffset(0)] internal bpf_attr_raw_tracepoint raw_tracepoint;
    [FieldOffset(0)] internal bpf_attr_btf_load btf_load;
    [FieldOffset(0)] internal bpf_attr_task_fd_query task_fd_query;
    [FieldOffset(0)] internal bpf_attr_link_create link_create;
    [FieldOffset(0)] internal bpf_attr_link_update link_update;
    [FieldOffset(0)] internal bpf_attr_link_detach link_detach;
    [FieldOffset(0)] internal bpf_attr_enable_stats enable_stats;
    [FieldOffset(0)] internal bpf_attr_iter_create iter_create;
    [FieldOffset(0)] internal bpf_attr_prog_bind_map prog_bind_map;
    [FieldOffset(0)] internal bpf_attr_token_create token_create;
    [FieldOffset(0)] internal bpf_attr_prog_stream_read prog_stream_read;
    [FieldOffset(0)] internal bpf_attr_prog_assoc_struct_ops prog_assoc_struct_ops;

    /// <summary>The union as one of its members that a caller keeps alone, to zero and pass only what it needs.</summary>
    internal static ref BpfAttr From<T>(ref T attr)
        where T : unmanaged => ref Unsafe.As<T, BpfAttr>(ref attr);
}
