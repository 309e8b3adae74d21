using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>struct bpf_object_open_opts as libbpf 1.0 has it; a newer one takes the missing tail for zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal unsafe struct bpf_object_open_opts
{
    [FieldOffset(0)] public nuint sz;
    [FieldOffset(8)] public byte* object_name;
    [FieldOffset(16)] public byte relaxed_maps;
    [FieldOffset(24)] public byte* pin_root_path;
    [FieldOffset(40)] public byte* kconfig;
    [FieldOffset(48)] public byte* btf_custom_path;
    [FieldOffset(56)] public byte* kernel_log_buf;
    [FieldOffset(64)] public nuint kernel_log_size;
    [FieldOffset(72)] public uint kernel_log_level;
}
