using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>PERCPU_ARRAY: for each index a slot per CPU.</summary>
internal sealed unsafe class PerCpuArrayMap : EmulatedMap
{
    private readonly NativeBlock _memory;
    private readonly PerCpuValues _values;

    public PerCpuArrayMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _values = new PerCpuValues(kernel, spec.ValueSize);
        _memory = new NativeBlock((ulong)_values.TotalSize * spec.MaxEntries, 64);
    }

    public override bool IsPerCpu => true;

    public override bool SupportsForEach => true;

    public override uint SyscallValueSize => _values.TotalSize;

    public override byte* LookupElement(byte* key, int cpuSlot)
    {
        uint index = *(uint*)key;
        return index < MaxEntries ? _values.Slot(At(index), cpuSlot) : null;
    }

    public override byte* LookupPerCpu(byte* key, uint cpu)
    {
        uint index = *(uint*)key;
        return index < MaxEntries ? _values.SlotOfCpu(At(index), cpu) : null;
    }

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot)
    {
        int error = flags > FlagExist ? -Errno.EINVAL : ArrayKeys.CheckUpdate(*(uint*)key, MaxEntries, flags);
        if (error == 0)
            _values.Store(At(*(uint*)key), cpuSlot, value);
        return error;
    }

    public override int DeleteElement(byte* key) => -Errno.EINVAL;

    public override int GetDirectValue(uint offset, out byte* value, out uint length)
    {
        // The engine adds the running CPU's slot, TotalSize / CPUs apart.
        value = _memory.Start;
        length = ValueSize;
        return MaxEntries != 1 || !Kernel.IsAtLeast(6, 15) ? -Errno.ENOTSUPP : offset >= ValueSize ? -Errno.EINVAL : 0;
    }

    public override bool NextElement(MapElementCursor* cursor, int cpuSlot, out byte* key, out byte* value)
    {
        bool any = ArrayKeys.Advance(cursor, MaxEntries, out key);
        value = any ? _values.Slot(At(cursor->Index), Math.Max(cpuSlot, 0)) : null;
        return any;
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        uint index = *(uint*)key;
        return index < MaxEntries ? _values.CopyOut(value, At(index), flags) : -Errno.ENOENT;
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        ulong kind = Kernel.IsAtLeast(7, 0) ? (uint)flags & ~(FlagCpu | FlagAllCpus) : flags;
        int error = kind > FlagExist ? -Errno.EINVAL : ArrayKeys.CheckUpdate(*(uint*)key, MaxEntries, kind);
        if (error == 0)
            _values.CopyIn(At(*(uint*)key), value, flags);
        return error;
    }

    public override int SyscallDelete(byte* key) => -Errno.EINVAL;

    public override int SyscallNextKey(byte* key, ulong next) => ArrayKeys.Next(key, next, MaxEntries);

    public override int SyscallBatch(BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => ArrayKeys.Batch(this, command, ref attr, file);

    protected override void Destroy()
    {
        _memory.Dispose();
        base.Destroy();
    }

    private byte* At(uint index) => _memory.Start + ((ulong)index * _values.TotalSize);
}
