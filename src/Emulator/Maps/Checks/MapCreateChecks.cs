namespace LibbpfSharp.Emulator;

/// <summary>What each type demands of its attributes, in Linux's order; sizes are those of x86-64.</summary>
internal static class MapCreateChecks
{
    /// <summary>Most bytes of one allocation (KMALLOC_MAX_SIZE).</summary>
    public const uint MaximumAllocation = 4194304;

    /// <summary>Most bytes of a per-CPU value (PCPU_MIN_UNIT_SIZE).</summary>
    public const uint MaximumPerCpuValue = 32768;

    /// <summary>Most frames of a stack trace (sysctl perf_event_max_stack).</summary>
    public const uint MaximumStackDepth = 127;

    private const uint HashElementHeader = 48;
    private const uint MaximumCpus = 512; // CONFIG_NR_CPUS of the emulated kernel
    private const uint MaximumLocalStorageValue = 65408;

    private const BpfMapFlags Access = BpfMapFlags.ReadOnly | BpfMapFlags.WriteOnly;
    private const BpfMapFlags ProgramAccess = BpfMapFlags.ReadOnlyProgram | BpfMapFlags.WriteOnlyProgram;
    private const BpfMapFlags AllAccess = Access | ProgramAccess;
    private const BpfMapFlags HashFlags = BpfMapFlags.NoPrealloc | BpfMapFlags.NoCommonLru | BpfMapFlags.NumaNode | AllAccess | BpfMapFlags.ZeroSeed;
    private const BpfMapFlags ArrayFlags = BpfMapFlags.NumaNode | AllAccess | BpfMapFlags.MMapable | BpfMapFlags.PreserveElems | BpfMapFlags.InnerMap;

    /// <summary>The type's own check, before anything is allocated.</summary>
    /// <returns>0 or -errno.</returns>
    public static int Check(EmulatedKernel kernel, MapSpec spec)
    {
        if (!HasType(kernel, spec.Type) || !HasFlags(kernel, spec))
            return -Errno.EINVAL;
        return spec.Type switch
        {
            BpfMapType.HashOfMaps when spec.ValueSize != 4 => -Errno.EINVAL,
            BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash or BpfMapType.LruPerCpuHash or BpfMapType.HashOfMaps => CheckHash(spec),
            BpfMapType.Array or BpfMapType.PerCpuArray => CheckArray(spec),
            BpfMapType.ProgArray or BpfMapType.CgroupArray or BpfMapType.ArrayOfMaps or BpfMapType.PerfEventArray =>
                spec.ValueSize != 4 || spec.Has(ProgramAccess) ? -Errno.EINVAL : CheckArray(spec),
            BpfMapType.ReusePortSockArray => spec.ValueSize is not (4 or 8) ? -Errno.EINVAL : CheckArray(spec),
            BpfMapType.LpmTrie => spec.MaxEntries == 0 || !spec.Has(BpfMapFlags.NoPrealloc) || HasOther(spec, BpfMapFlags.NoPrealloc | BpfMapFlags.NumaNode | AllAccess)
                || spec.KeySize is < 5 or > 260 || spec.ValueSize is 0 or > MaximumAllocation - 280 ? -Errno.EINVAL : 0,
            BpfMapType.Queue or BpfMapType.Stack => spec.MaxEntries == 0 || spec.KeySize != 0 || spec.ValueSize == 0 || HasOther(spec, BpfMapFlags.NumaNode | AllAccess)
                ? -Errno.EINVAL : spec.ValueSize > MaximumAllocation ? -Errno.E2BIG : 0,
            BpfMapType.BloomFilter => spec.KeySize != 0 || spec.ValueSize == 0 || spec.MaxEntries == 0
                || HasOther(spec, BpfMapFlags.NumaNode | BpfMapFlags.ZeroSeed | AllAccess) || spec.Extra > 15 ? -Errno.EINVAL : 0,
            BpfMapType.RingBuf or BpfMapType.UserRingBuf => CheckRingBuffer(kernel, spec),
            BpfMapType.StackTrace => CheckStackTrace(spec),
            BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.SockMap => spec.MaxEntries == 0 || spec.KeySize != 4 || spec.ValueSize is not (4 or 8)
                || HasOther(spec, BpfMapFlags.NumaNode | Access) ? -Errno.EINVAL : 0,
            BpfMapType.CpuMap => spec.MaxEntries == 0 || spec.KeySize != 4 || spec.ValueSize is not (4 or 8) || HasOther(spec, BpfMapFlags.NumaNode)
                ? -Errno.EINVAL : spec.MaxEntries > MaximumCpus ? -Errno.E2BIG : 0,
            BpfMapType.SockHash => spec.MaxEntries == 0 || spec.KeySize == 0 || spec.ValueSize is not (4 or 8) || HasOther(spec, BpfMapFlags.NumaNode | Access)
                ? -Errno.EINVAL : spec.KeySize > 512 ? -Errno.E2BIG : 0,
            BpfMapType.XskMap => spec.MaxEntries == 0 || spec.KeySize != 4 || spec.ValueSize != 4 || HasOther(spec, BpfMapFlags.NumaNode | Access) ? -Errno.EINVAL : 0,
            BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage => CheckCgroupStorage(spec),
            BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage =>
                HasOther(spec, BpfMapFlags.NoPrealloc | BpfMapFlags.Clone) || !spec.Has(BpfMapFlags.NoPrealloc) || spec.MaxEntries != 0
                || spec.KeySize != 4 || spec.ValueSize == 0 || !spec.HasBtf ? -Errno.EINVAL : spec.ValueSize > MaximumLocalStorageValue ? -Errno.E2BIG : 0,
            BpfMapType.StructOps => spec.KeySize != 4 || spec.MaxEntries != 1 || spec.VmlinuxValueTypeId == 0
                || HasOther(spec, BpfMapFlags.Link | BpfMapFlags.VtypeBtfObjFd) ? -Errno.EINVAL : 0,
            BpfMapType.Arena => CheckArena(kernel, spec),
            _ => -Errno.EINVAL,
        };
    }

    private static bool HasOther(MapSpec spec, BpfMapFlags allowed) => (spec.Flags & ~allowed) != 0 || (spec.Flags & ProgramAccess) == ProgramAccess;

    private static int CheckHash(MapSpec spec)
    {
        bool lru = spec.Type is BpfMapType.LruHash or BpfMapType.LruPerCpuHash;
        bool perCpu = spec.Type is BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash;
        bool noCommonLru = spec.Has(BpfMapFlags.NoCommonLru);
        if (HasOther(spec, HashFlags) || (!lru && noCommonLru))
            return -Errno.EINVAL;
        if (lru && spec.Has(BpfMapFlags.NoPrealloc))
            return -Errno.ENOTSUPP;
        if (spec.Has(BpfMapFlags.NumaNode) && spec.NumaNode != uint.MaxValue && (perCpu || noCommonLru))
            return -Errno.EINVAL;
        if (spec.MaxEntries == 0 || spec.KeySize == 0 || spec.ValueSize == 0)
            return -Errno.EINVAL;
        if ((ulong)spec.KeySize + spec.ValueSize >= MaximumAllocation - HashElementHeader)
            return -Errno.E2BIG;
        return perCpu && IsTooLargePerCpu(spec) ? -Errno.E2BIG : 0;
    }

    private static int CheckArray(MapSpec spec)
    {
        bool perCpu = spec.Type == BpfMapType.PerCpuArray;
        if (spec.MaxEntries == 0 || spec.KeySize != 4 || spec.ValueSize == 0 || HasOther(spec, ArrayFlags)
            || (perCpu && spec.Has(BpfMapFlags.NumaNode) && spec.NumaNode != uint.MaxValue))
            return -Errno.EINVAL;
        if (spec.Type != BpfMapType.Array && spec.Has(BpfMapFlags.MMapable | BpfMapFlags.InnerMap))
            return -Errno.EINVAL;
        if (spec.Type != BpfMapType.PerfEventArray && spec.Has(BpfMapFlags.PreserveElems))
            return -Errno.EINVAL;
        if (spec.ValueSize > int.MaxValue)
            return -Errno.E2BIG;
        return perCpu && IsTooLargePerCpu(spec) ? -Errno.E2BIG : 0;
    }

    private static bool IsTooLargePerCpu(MapSpec spec) => ((spec.ValueSize + 7UL) & ~7UL) > MaximumPerCpuValue;

    private static int CheckRingBuffer(EmulatedKernel kernel, MapSpec spec)
    {
        BpfMapFlags allowed = BpfMapFlags.NumaNode;
        if (spec.Type == BpfMapType.RingBuf)
            allowed |= BpfMapFlags.RbOverwrite; // its version is tested by HasFlags
        bool sized = spec.MaxEntries != 0 && (spec.MaxEntries & (spec.MaxEntries - 1)) == 0 && spec.MaxEntries % (uint)kernel.Machine.PageSize == 0;
        return HasOther(spec, allowed) || spec.KeySize != 0 || spec.ValueSize != 0 || !sized ? -Errno.EINVAL : 0;
    }

    private static int CheckStackTrace(MapSpec spec)
    {
        if (HasOther(spec, BpfMapFlags.NumaNode | Access | BpfMapFlags.StackBuildId) || spec.MaxEntries == 0 || spec.KeySize != 4 || spec.ValueSize < 8 || spec.ValueSize % 8 != 0)
            return -Errno.EINVAL;
        uint frame = spec.Has(BpfMapFlags.StackBuildId) ? 32u : 8u;
        if (spec.ValueSize % frame != 0 || spec.ValueSize / frame > MaximumStackDepth)
            return -Errno.EINVAL;
        return spec.MaxEntries > 1U << 31 ? -Errno.E2BIG : 0;
    }

    private static int CheckCgroupStorage(MapSpec spec)
    {
        uint largest = spec.Type == BpfMapType.PerCpuCgroupStorage ? MaximumPerCpuValue : MaximumAllocation - 128;
        if (spec.KeySize is not (8 or 16) || spec.ValueSize == 0)
            return -Errno.EINVAL;
        if (spec.ValueSize > largest)
            return -Errno.E2BIG;
        return HasOther(spec, BpfMapFlags.NumaNode | AllAccess) || spec.MaxEntries != 0 ? -Errno.EINVAL : 0;
    }

    private static int CheckArena(EmulatedKernel kernel, MapSpec spec)
    {
        ulong page = (ulong)kernel.Machine.PageSize;
        if (spec.KeySize != 0 || spec.ValueSize != 0 || spec.MaxEntries == 0 || !spec.Has(BpfMapFlags.MMapable)
            || HasOther(spec, BpfMapFlags.MMapable | BpfMapFlags.SegvOnFault | BpfMapFlags.NoUserConv) || spec.Extra % page != 0)
            return -Errno.EINVAL;
        ulong range = spec.MaxEntries * page;
        if (range > 1UL << 32)
            return -Errno.E2BIG;
        return spec.Extra != 0 && spec.Extra >> 32 != (spec.Extra + range - 1) >> 32 ? -Errno.ERANGE : 0;
    }

    // The kernel that first had a flag; older ones know the bit as an error.
    private static bool HasFlags(EmulatedKernel kernel, MapSpec spec) =>
        !((spec.Has(BpfMapFlags.MMapable) && !kernel.IsAtLeast(5, 5))
        || (spec.Has(ProgramAccess) && !kernel.IsAtLeast(5, 2))
        || (spec.Has(BpfMapFlags.ZeroSeed) && !kernel.IsAtLeast(5, 0))
        || (spec.Has(BpfMapFlags.PreserveElems | BpfMapFlags.InnerMap) && !kernel.IsAtLeast(5, 10))
        || (spec.Has(BpfMapFlags.Link) && !kernel.IsAtLeast(6, 4))
        || (spec.Has(BpfMapFlags.RbOverwrite) && !kernel.IsAtLeast(6, 19)));

    private static bool HasType(EmulatedKernel kernel, BpfMapType type) => type switch
    {
        BpfMapType.Unspec or > BpfMapType.Arena => false,
        BpfMapType.Arena => kernel.IsAtLeast(6, 9),
        BpfMapType.CgrpStorage => kernel.IsAtLeast(6, 2),
        BpfMapType.UserRingBuf => kernel.IsAtLeast(6, 1),
        BpfMapType.BloomFilter => kernel.IsAtLeast(5, 16),
        BpfMapType.TaskStorage => kernel.IsAtLeast(5, 11),
        BpfMapType.InodeStorage => kernel.IsAtLeast(5, 10),
        BpfMapType.RingBuf => kernel.IsAtLeast(5, 8),
        BpfMapType.StructOps => kernel.IsAtLeast(5, 6),
        BpfMapType.DevMapHash => kernel.IsAtLeast(5, 4),
        BpfMapType.SkStorage => kernel.IsAtLeast(5, 2),
        BpfMapType.Queue or BpfMapType.Stack or BpfMapType.PerCpuCgroupStorage => kernel.IsAtLeast(4, 20),
        BpfMapType.ReusePortSockArray or BpfMapType.CgroupStorage => kernel.IsAtLeast(4, 19),
        BpfMapType.SockHash or BpfMapType.XskMap => kernel.IsAtLeast(4, 18),
        BpfMapType.CpuMap => kernel.IsAtLeast(4, 15),
        BpfMapType.DevMap or BpfMapType.SockMap => kernel.IsAtLeast(4, 14),
        _ => true,
    };
}
