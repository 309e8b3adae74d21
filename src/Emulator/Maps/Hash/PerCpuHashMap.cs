namespace LibbpfSharp.Emulator;

/// <summary>PERCPU_HASH: a slot per CPU in each element; overwriting is in place.</summary>
internal sealed unsafe class PerCpuHashMap : HashTableMap
{
    private readonly PerCpuValues _values;

    public PerCpuHashMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec, new PerCpuValues(kernel, spec.ValueSize).TotalSize) =>
        _values = new PerCpuValues(kernel, spec.ValueSize);

    public override bool IsPerCpu => true;

    public override uint SyscallValueSize => _values.TotalSize;

    public override byte* LookupElement(byte* key, int cpuSlot)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        return element == null ? null : SlotOf(element, cpuSlot);
    }

    public override byte* LookupPerCpu(byte* key, uint cpu)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        return element == null ? null : _values.SlotOfCpu(Table.ValueOf(element), cpu);
    }

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot) => Update(key, value, flags, cpuSlot);

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => Update(key, value, flags, -1);

    protected override byte* SlotOf(HashElement* element, int cpuSlot) => _values.Slot(Table.ValueOf(element), cpuSlot);

    protected override int CopyElementOut(ulong user, HashElement* element, ulong flags) => _values.CopyOut(user, Table.ValueOf(element), flags);

    // Slot -1: the value is bpf(2)'s, with a slot for each CPU.
    private int Update(byte* key, byte* value, ulong flags, int slot)
    {
        ulong kind = slot < 0 && Kernel.IsAtLeast(7, 0) ? (uint)flags & ~(FlagCpu | FlagAllCpus) : flags;
        if (kind > FlagExist)
            return -Errno.EINVAL;
        uint hash = Table.Hash(key);
        Table.Lock(hash);
        try
        {
            HashElement* element = Table.Find(key, hash);
            int error = CheckPresence(element != null, kind);
            if (error != 0)
                return error;
            bool isNew = element == null;
            if (isNew && !TryCount())
                return -Errno.E2BIG;
            if (isNew)
                element = Table.Create(key, hash);
            byte* values = Table.ValueOf(element);
            if (isNew)
                _values.Clear(values);
            if (slot < 0)
                _values.CopyIn(values, value, flags);
            else
                _values.Store(values, slot, value);
            if (isNew)
                Table.Link(element);
            return 0;
        }
        catch (OutOfMemoryException)
        {
            AddCount(-1);
            return -Errno.ENOMEM;
        }
        finally
        {
            Table.Unlock(hash);
        }
    }
}
