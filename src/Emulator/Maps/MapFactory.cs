using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>Makes the map of a type: what can fail here fails on Linux when memory is allocated.</summary>
internal static class MapFactory
{
    /// <summary>Makes a map.</summary>
    /// <returns>0, -ENOMEM, -E2BIG, or what resolving an inner map's descriptor gives.</returns>
    public static int Allocate(EmulatedKernel kernel, MapSpec spec, out EmulatedMap? map)
    {
        map = null;
        InnerMapTemplate? template = null;
        int error = spec.Type switch
        {
            BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps => InnerMapTemplate.Create(kernel, spec.InnerMapFd, out template),
            BpfMapType.StructOps => FindStructOpsType(kernel, spec),
            _ => 0,
        };
        if (error != 0)
            return error;
        bool isHash = spec.Type is BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.HashOfMaps;
        if (isHash && HashTableMap.IsTooLarge(spec))
            return -Errno.E2BIG;
        RoundPlaces(kernel, spec);
        try
        {
            map = Create(kernel, spec, template);
            return 0;
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            return -Errno.ENOMEM;
        }
    }

    private static EmulatedMap Create(EmulatedKernel kernel, MapSpec spec, InnerMapTemplate? template) => spec.Type switch
    {
        BpfMapType.Hash => new HashMap(kernel, spec),
        BpfMapType.PerCpuHash => new PerCpuHashMap(kernel, spec),
        BpfMapType.LruHash => new LruHashMap(kernel, spec),
        BpfMapType.LruPerCpuHash => new LruPerCpuHashMap(kernel, spec),
        BpfMapType.HashOfMaps => new HashOfMapsMap(kernel, spec, template!),
        BpfMapType.Array => new ArrayMap(kernel, spec),
        BpfMapType.PerCpuArray => new PerCpuArrayMap(kernel, spec),
        BpfMapType.ProgArray => new ProgramArrayMap(kernel, spec),
        BpfMapType.PerfEventArray => new PerfEventArrayMap(kernel, spec),
        BpfMapType.CgroupArray => new CgroupArrayMap(kernel, spec),
        BpfMapType.ArrayOfMaps => new ArrayOfMapsMap(kernel, spec, template!),
        BpfMapType.LpmTrie => new LpmTrieMap(kernel, spec),
        BpfMapType.Queue or BpfMapType.Stack => new QueueMap(kernel, spec),
        BpfMapType.BloomFilter => new BloomFilterMap(kernel, spec),
        BpfMapType.RingBuf => new RingBufferMap(kernel, spec),
        BpfMapType.UserRingBuf => new UserRingBufferMap(kernel, spec),
        BpfMapType.StackTrace => new StackTraceMap(kernel, spec),
        BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage => new CgroupStorageMap(kernel, spec),
        BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage => new LocalStorageMap(kernel, spec),
        BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap => new RedirectMap(kernel, spec),
        BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.XskMap or BpfMapType.ReusePortSockArray => new SocketMap(kernel, spec),
        BpfMapType.Arena => new ArenaMap(kernel, spec),
        BpfMapType.StructOps => new StructOpsMap(kernel, spec),
        _ => throw new InvalidOperationException($"no map of type {spec.Type} passes the checks"),
    };

    // Without a common LRU each CPU has as many places as any other.
    private static void RoundPlaces(EmulatedKernel kernel, MapSpec spec)
    {
        if (spec.Type is not (BpfMapType.LruHash or BpfMapType.LruPerCpuHash) || !spec.Has(BpfMapFlags.NoCommonLru))
            return;
        uint cpus = (uint)kernel.CpuCount;
        ulong rounded = (spec.MaxEntries + cpus - 1UL) / cpus * cpus;
        spec.MaxEntries = rounded > uint.MaxValue ? spec.MaxEntries / cpus * cpus : (uint)rounded;
    }

    private static int FindStructOpsType(EmulatedKernel kernel, MapSpec spec)
    {
        if (kernel.BtfCommands.Vmlinux is not { } btf || !btf.Data.IsValidId(spec.VmlinuxValueTypeId))
            return -Errno.EINVAL;
        BtfType type = btf.Data[spec.VmlinuxValueTypeId];
        return type.Kind != BtfKind.Struct || !type.Name.StartsWith("bpf_struct_ops_", StringComparison.Ordinal) || type.Size != spec.ValueSize ? -Errno.ENOTSUPP : 0;
    }
}
