using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The BTF of a map's key and value: its sizes, the fields that the kernel owns, and what types refuse it.</summary>
internal static class MapBtfChecks
{
    /// <summary>Checks the ids of the attributes and gives the map its BTF.</summary>
    /// <returns>0 or -errno.</returns>
    public static int Apply(EmulatedKernel kernel, EmulatedMap map, ref bpf_attr_map_create attr)
    {
        int error = kernel.Find(attr.btf_fd, out EmulatedBtf? btf);
        if (error != 0)
            return error;
        if (btf!.IsKernel)
            return -Errno.EACCES;
        if (!btf.TryAcquire())
            return -Errno.EBADF;
        map.Btf = btf; // released with the map, also if what follows fails
        if (attr.btf_value_type_id != 0)
        {
            try
            {
                error = Check(kernel, map, btf.Data, attr.btf_key_type_id, attr.btf_value_type_id);
            }
            catch (Exception e) when (e is BpfObjectFormatException or InvalidOperationException)
            {
                error = -Errno.EINVAL;
            }
        }

        map.BtfKeyTypeId = attr.btf_key_type_id;
        map.BtfValueTypeId = attr.btf_value_type_id;
        return error;
    }

    private static int Check(EmulatedKernel kernel, EmulatedMap map, BtfData btf, uint keyId, uint valueId)
    {
        if (keyId != 0 ? !HasSize(btf, keyId, map.KeySize) : !AllowsKeyWithoutType(map.Type))
            return -Errno.EINVAL;
        if (!HasSize(btf, valueId, map.ValueSize))
            return -Errno.EINVAL;
        map.Fields = MapFieldParser.Parse(kernel, btf, valueId);
        if (map.Fields is { } fields)
        {
            if ((map.Flags & (BpfMapFlags.ReadOnlyProgram | BpfMapFlags.WriteOnlyProgram)) != 0)
                return -Errno.EACCES;
            if (fields.Fields.Any(field => !Allows(map.Type, field.Kind)))
                return -Errno.EOPNOTSUPP;
        }

        return CheckType(map, btf, keyId, valueId);
    }

    private static bool HasSize(BtfData btf, uint id, uint size) => btf.TryGetSize(id, out uint actual) && actual == size;

    // Types with a check of their own decide by it; the others need both types.
    private static bool AllowsKeyWithoutType(BpfMapType type) => RefusesBtf(type)
        || type is BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.LpmTrie or BpfMapType.BloomFilter or BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage;

    private static bool RefusesBtf(BpfMapType type) => type is BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps
        or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.XskMap or BpfMapType.CpuMap or BpfMapType.StackTrace;

    private static int CheckType(EmulatedMap map, BtfData btf, uint keyId, uint valueId)
    {
        if (RefusesBtf(map.Type))
            return -Errno.ENOTSUPP;
        switch (map.Type)
        {
            case BpfMapType.Array or BpfMapType.PerCpuArray when keyId == 0:
                // Global data: one element, described by its section.
                return map.Type == BpfMapType.Array && map.MaxEntries == 1 && btf[btf.ResolveTypedefs(valueId)].Kind == BtfKind.DataSec ? 0 : -Errno.EINVAL;
            case BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage:
                return IsWord(btf[btf.ResolveTypedefs(keyId)]) ? 0 : -Errno.EINVAL;
            case BpfMapType.LpmTrie:
                return keyId != 0 && btf[btf.ResolveTypedefs(keyId)].Kind == BtfKind.Struct ? 0 : -Errno.EINVAL;
            case BpfMapType.BloomFilter:
                return keyId == 0 ? 0 : -Errno.EINVAL;
            default:
                return 0;
        }
    }

    private static bool IsWord(BtfType type) => type.Kind == BtfKind.Int && type.Size == 4 && type.IntBits == 32 && type.IntBitOffset == 0;

    private static bool Allows(BpfMapType type, MapFieldKind kind)
    {
        bool isStorage = type is BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage;
        return kind switch
        {
            MapFieldKind.SpinLock or MapFieldKind.ResilientSpinLock => isStorage || type is BpfMapType.Hash or BpfMapType.Array or BpfMapType.CgroupStorage,
            MapFieldKind.Timer or MapFieldKind.WorkQueue or MapFieldKind.TaskWork or MapFieldKind.ListHead or MapFieldKind.TreeRoot =>
                type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.Array,
            MapFieldKind.UntrustedKernelPointer or MapFieldKind.ReferencedKernelPointer or MapFieldKind.PerCpuKernelPointer or MapFieldKind.ReferenceCount =>
                isStorage || type is BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.Array or BpfMapType.PerCpuArray,
            MapFieldKind.UserPointer => type == BpfMapType.TaskStorage,
            _ => false,
        };
    }
}
