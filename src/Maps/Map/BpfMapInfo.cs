using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What the kernel tells of a map (struct bpf_map_info).</summary>
/// <param name="Id">Number of the map in the whole system.</param>
/// <param name="Name">Name, at most 15 bytes.</param>
/// <param name="Type">Kind of map.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of one value (of one CPU's value for per-CPU kinds).</param>
/// <param name="MaxEntries">Effective capacity; an LRU map with a list per CPU rounds it up to a multiple of the CPUs.</param>
/// <param name="Flags">Flags of the map; the descriptor's ReadOnly and WriteOnly are never among them.</param>
/// <param name="Extra">See <see cref="BpfMapSpec.Extra"/>.</param>
/// <param name="BtfId">Id of the BTF that describes key and value; 0 for none.</param>
/// <param name="BtfKeyTypeId">Type id of the key in that BTF.</param>
/// <param name="BtfValueTypeId">Type id of the value in that BTF.</param>
/// <param name="BtfVmlinuxValueTypeId">For struct_ops: type id of the value in the kernel's BTF.</param>
/// <param name="InterfaceIndex">Network interface that an offloaded map belongs to; 0 for none.</param>
public sealed record BpfMapInfo(
    uint Id,
    string Name,
    BpfMapType Type,
    uint KeySize,
    uint ValueSize,
    uint MaxEntries,
    BpfMapFlags Flags,
    ulong Extra,
    uint BtfId,
    uint BtfKeyTypeId,
    uint BtfValueTypeId,
    uint BtfVmlinuxValueTypeId,
    uint InterfaceIndex)
{
    internal static BpfMapInfo From(in bpf_map_info info) => new(
        info.id,
        info.name.ToString(),
        (BpfMapType)info.type,
        info.key_size,
        info.value_size,
        info.max_entries,
        (BpfMapFlags)info.map_flags,
        info.map_extra,
        info.btf_id,
        info.btf_key_type_id,
        info.btf_value_type_id,
        info.btf_vmlinux_value_type_id,
        info.ifindex);

    /// <summary>Asks the kernel; 0 or -errno.</summary>
    internal static unsafe int Query(IBpfKernel kernel, int fd, out BpfMapInfo? info)
    {
        bpf_map_info raw = default;
        bpf_attr_info attr = default;
        attr.bpf_fd = (uint)fd;
        attr.info_len = (uint)sizeof(bpf_map_info);
        attr.info = (ulong)&raw;
        int result = kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_info));
        info = result < 0 ? null : From(raw);
        return result;
    }
}
