using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>BPF_OBJ_GET_INFO_BY_FD.</content>
internal abstract unsafe partial class EmulatedMap
{
    private const int HashSize = 32;

    /// <inheritdoc/>
    public override int GetInfo(ref BpfAttr attr)
    {
        bool hasHash = Kernel.IsAtLeast(6, 18);
        uint known = hasHash ? 104u : Kernel.IsAtLeast(5, 16) ? 88u : 80u;
        int error = InfoBuffer.Read(attr.info.info, attr.info.info_len, known, out bpf_map_info info, keepsUnknown: hasHash);
        if (error != 0)
            return error;
        info.type = (uint)Type;
        info.id = Id;
        info.key_size = KeySize;
        info.value_size = ValueSize;
        info.max_entries = MaxEntries;
        info.map_flags = (uint)Flags;
        info.name = ObjectName.ToField(Name);
        info.map_extra = Extra;
        if (Btf is not null)
        {
            info.btf_id = Btf.Id;
            info.btf_key_type_id = BtfKeyTypeId;
            info.btf_value_type_id = BtfValueTypeId;
        }

        info.btf_vmlinux_value_type_id = this is StructOpsMap structOps ? structOps.ValueTypeId : 0;
        if (hasHash)
        {
            error = WriteHash(info.hash, info.hash_size);
            if (error != 0)
                return error;
        }

        return InfoBuffer.Write(ref attr.info, known, ref info);
    }

    private int WriteHash(ulong user, uint size)
    {
        if (user == 0)
            return size != 0 ? -Errno.EINVAL : 0;
        if (Type != BpfMapType.Array || size != HashSize)
            return -Errno.EINVAL;
        if (!IsFrozen)
            return -Errno.EPERM;
        fixed (byte* hash = ComputeHash())
            return CopyOut(user, hash, HashSize);
    }
}
