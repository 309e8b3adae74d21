using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>BPF_MAP_CREATE.</content>
internal sealed unsafe partial class MapCommands
{
    public int Create(ref bpf_attr_map_create attr)
    {
        var type = (BpfMapType)attr.map_type;
        var flags = (BpfMapFlags)attr.map_flags;
        bool hasToken = (flags & BpfMapFlags.TokenFd) != 0 && kernel.IsAtLeast(6, 9);
        if (hasToken)
            flags &= ~BpfMapFlags.TokenFd;
        if (attr.btf_vmlinux_value_type_id != 0)
        {
            if (type != BpfMapType.StructOps || attr.btf_key_type_id != 0 || attr.btf_value_type_id != 0)
                return -Errno.EINVAL;
        }
        else if (attr.btf_key_type_id != 0 && attr.btf_value_type_id == 0)
        {
            return -Errno.EINVAL;
        }

        if (attr.map_extra != 0 && type is not (BpfMapType.BloomFilter or BpfMapType.Arena))
            return -Errno.EINVAL;
        int error = EmulatedKernel.GetAccess((uint)flags, out bool canRead, out bool canWrite);
        if (error != 0)
            return error;

        // One NUMA node, number 0.
        if ((flags & BpfMapFlags.NumaNode) != 0 && attr.numa_node is not (0 or uint.MaxValue))
            return -Errno.EINVAL;
        var spec = new MapSpec
        {
            Type = type,
            KeySize = attr.key_size,
            ValueSize = attr.value_size,
            MaxEntries = attr.max_entries,
            Flags = flags,
            Extra = attr.map_extra,
            InnerMapFd = attr.inner_map_fd,
            NumaNode = attr.numa_node,
            HasBtf = attr.btf_key_type_id != 0 && attr.btf_value_type_id != 0,
            VmlinuxValueTypeId = attr.btf_vmlinux_value_type_id,
        };
        error = MapCreateChecks.Check(kernel, spec);
        if (error != 0)
            return error;
        if (attr.map_ifindex != 0)
            return type is BpfMapType.Hash or BpfMapType.Array ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
        if (hasToken)
            return kernel.FindFile(attr.map_token_fd) is null ? -Errno.EBADF : -Errno.EINVAL;
        error = MapFactory.Allocate(kernel, spec, out EmulatedMap? map);
        if (error != 0)
            return error;
        error = Complete(map!, ref attr);
        if (error != 0)
        {
            map!.Release();
            return error;
        }

        map!.Id = kernel.Maps.Add(map);
        return kernel.OpenDescriptor(map, canRead, canWrite);
    }

    private int Complete(EmulatedMap map, ref bpf_attr_map_create attr)
    {
        int error = ObjectName.Read(in attr.map_name, out string name);
        if (error != 0)
            return error;
        map.Name = name;
        if (attr.btf_key_type_id != 0 || attr.btf_value_type_id != 0 || attr.btf_vmlinux_value_type_id != 0)
        {
            error = MapBtfChecks.Apply(kernel, map, ref attr);
            if (error != 0)
                return error;
        }

        if (attr.excl_prog_hash != 0)
            return attr.excl_prog_hash_size != 32 ? -Errno.EINVAL : UserMemory.IsValid(attr.excl_prog_hash) ? 0 : -Errno.EFAULT;
        return attr.excl_prog_hash_size != 0 ? -Errno.EINVAL : 0;
    }
}
