using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>HASH: overwriting replaces the element, so that whoever reads it sees one value or the other, whole.</summary>
internal sealed unsafe class HashMap(EmulatedKernel kernel, MapSpec spec) : HashTableMap(kernel, spec, spec.ValueSize)
{
    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot)
    {
        if ((flags & ~FlagLock) > FlagExist)
            return -Errno.EINVAL;
        bool locked = (flags & FlagLock) != 0;
        if (locked && Fields is not { SpinLockOffset: >= 0 })
            return -Errno.EINVAL;
        uint hash = Table.Hash(key);
        HashElement* old;
        if (locked)
        {
            // An element that is there is written in place under its own lock.
            old = Table.Find(key, hash);
            int error = CheckPresence(old != null, flags);
            if (error != 0)
                return error;
            if (old != null)
            {
                CopyLocked(old, value);
                return 0;
            }
        }

        HashElement* created = null;
        Table.Lock(hash);
        try
        {
            old = Table.Find(key, hash);
            int error = CheckPresence(old != null, flags);
            if (error != 0)
                return error;
            if (locked && old != null)
            {
                CopyLocked(old, value);
                old = null;
                return 0;
            }

            if (old == null && !TryCount())
                return -Errno.E2BIG;
            created = CreateCounted(key, hash, old == null);
            if (created == null)
                return -Errno.ENOMEM;
            CopyNewValue(created, value);
            Table.Link(created);
            if (old != null)
                Table.Unlink(old);
        }
        finally
        {
            Table.Unlock(hash);
        }

        if (old != null)
        {
            ReleaseFields(Table.ValueOf(old));
            Table.Free(old);
        }

        return 0;
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => UpdateElement(key, value, flags, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyNewValue(HashElement* element, byte* value)
    {
        byte* target = Table.ValueOf(element);
        CopyValue(target, value);
        Fields?.Clear(target);
    }

    private void CopyLocked(HashElement* element, byte* value)
    {
        byte* target = Table.ValueOf(element);
        Fields!.Lock(target);
        CopyValue(target, value);
        Fields.Unlock(target);
    }

    private HashElement* CreateCounted(byte* key, uint hash, bool counted)
    {
        try
        {
            return Table.Create(key, hash);
        }
        catch (OutOfMemoryException)
        {
            if (counted)
                AddCount(-1);
            return null;
        }
    }
}
