namespace LibbpfSharp.Emulator;

/// <summary>LRU_PERCPU_HASH: overwriting is in place and counts as use.</summary>
internal sealed unsafe class LruPerCpuHashMap : LruTableMap
{
    private readonly PerCpuValues _values;

    public LruPerCpuHashMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec, new PerCpuValues(kernel, spec.ValueSize).TotalSize) =>
        _values = new PerCpuValues(kernel, spec.ValueSize);

    public override bool IsPerCpu => true;

    public override uint SyscallValueSize => _values.TotalSize;

    public override byte* LookupPerCpu(byte* key, uint cpu)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        if (element == null)
            return null;
        Places.MarkUsed(element->LruNode);
        return _values.SlotOfCpu(Table.ValueOf(element), cpu);
    }

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot) => Update(key, value, flags, cpuSlot, onAllCpus: false);

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => Update(key, value, flags, Kernel.CurrentCpuSlot, onAllCpus: true);

    protected override byte* SlotOf(HashElement* element, int cpuSlot) => _values.Slot(Table.ValueOf(element), cpuSlot);

    protected override int CopyElementOut(ulong user, HashElement* element, ulong flags) => _values.CopyOut(user, Table.ValueOf(element), flags);

    private int Update(byte* key, byte* value, ulong flags, int cpuSlot, bool onAllCpus)
    {
        ulong kind = onAllCpus && Kernel.IsAtLeast(7, 0) ? (uint)flags & ~(FlagCpu | FlagAllCpus) : flags;
        if (kind > FlagExist)
            return -Errno.EINVAL;
        uint hash = Table.Hash(key);
        HashElement* created = null;
        if (kind != FlagExist)
        {
            created = Create(key, hash, cpuSlot);
            if (created == null)
                return -Errno.ENOMEM;
        }

        Table.Lock(hash);
        HashElement* old = Table.Find(key, hash);
        int error = CheckPresence(old != null, kind);
        if (error == 0)
        {
            HashElement* target = old != null ? old : created;
            if (old != null)
                Places.MarkUsed(old->LruNode);
            else
                _values.Clear(Table.ValueOf(created));
            if (onAllCpus)
                _values.CopyIn(Table.ValueOf(target), value, flags);
            else
                _values.Store(Table.ValueOf(target), cpuSlot, value);
            if (old == null)
            {
                Table.Link(created);
                created = null;
            }
        }

        Table.Unlock(hash);
        if (created != null)
            Drop(created);
        return error;
    }
}
