using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>Arrays whose values are descriptors: programs, perf events, cgroups, maps.</summary>
internal abstract unsafe class ObjectArrayMap(EmulatedKernel kernel, MapSpec spec) : EmulatedMap(kernel, spec)
{
    private readonly EmulatedObject?[] _slots = new EmulatedObject?[spec.MaxEntries <= 1 << 28 ? spec.MaxEntries : throw new InsufficientMemoryException()];

    public override EmulatedObject? GetSlotObject(byte* key) => Get(*(uint*)key);

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot) => -Errno.EINVAL;

    public override int DeleteElement(byte* key) => SyscallDelete(key);

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        uint index = *(uint*)key;
        if (flags != 0)
            return -Errno.EINVAL;
        if (index >= MaxEntries)
            return -Errno.E2BIG;
        int error = Resolve(*(uint*)value, out EmulatedObject? item);
        if (error != 0)
            return error;
        if (!item!.TryAcquire())
            return -Errno.EBADF;
        OnStored(index, file);
        Interlocked.Exchange(ref _slots[index], item)?.Release();
        return 0;
    }

    public override int SyscallDelete(byte* key)
    {
        uint index = *(uint*)key;
        if (index >= MaxEntries)
            return -Errno.E2BIG;
        return Clear(index) ? 0 : -Errno.ENOENT;
    }

    public override int SyscallNextKey(byte* key, ulong next) => ArrayKeys.Next(key, next, MaxEntries);

    /// <summary>What a slot holds, or null.</summary>
    protected EmulatedObject? Get(uint index) => index < (uint)_slots.Length ? Volatile.Read(ref _slots[index]) : null;

    /// <summary>Empties a slot.</summary>
    /// <returns>False if it was empty.</returns>
    protected bool Clear(uint index)
    {
        EmulatedObject? old = Interlocked.Exchange(ref _slots[index], null);
        old?.Release();
        return old is not null;
    }

    /// <summary>Empties all slots.</summary>
    protected void ClearAll()
    {
        for (uint i = 0; i < _slots.Length; i++)
            Clear(i);
    }

    /// <summary>The object of a descriptor if the array takes it.</summary>
    protected abstract int Resolve(uint fd, out EmulatedObject? item);

    /// <summary>A slot is about to be filled through a descriptor of the map.</summary>
    protected virtual void OnStored(uint index, KernelFile file)
    {
    }

    /// <summary>Copies the id of what a slot holds.</summary>
    protected int CopyIdOut(byte* key, ulong value, Func<EmulatedObject, uint> idOf)
    {
        if (Get(*(uint*)key) is not { } item)
            return -Errno.ENOENT;
        uint id = idOf(item);
        return CopyOut(value, &id, sizeof(uint));
    }

    protected override void Destroy()
    {
        ClearAll();
        base.Destroy();
    }
}
