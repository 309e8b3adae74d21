namespace LibbpfSharp.Emulator;

/// <summary>LRU_HASH. A place is taken before the key is looked up, so even a refused update may evict.</summary>
internal sealed unsafe class LruHashMap(EmulatedKernel kernel, MapSpec spec) : LruTableMap(kernel, spec, spec.ValueSize)
{
    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot)
    {
        if (flags > FlagExist)
            return -Errno.EINVAL;
        uint hash = Table.Hash(key);
        HashElement* created = Create(key, hash, cpuSlot);
        if (created == null)
            return -Errno.ENOMEM;
        byte* target = Table.ValueOf(created);
        CopyValue(target, value);
        Fields?.Clear(target);
        Table.Lock(hash);
        HashElement* old = Table.Find(key, hash);
        int error = CheckPresence(old != null, flags);
        if (error == 0)
        {
            Table.Link(created);
            if (old != null)
            {
                Places.MarkUsed(created->LruNode);
                Table.Unlink(old);
            }
        }

        Table.Unlock(hash);
        if (error != 0)
            Drop(created);
        else if (old != null)
            Retire(old);
        return error;
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => UpdateElement(key, value, flags, Kernel.CurrentCpuSlot);
}
