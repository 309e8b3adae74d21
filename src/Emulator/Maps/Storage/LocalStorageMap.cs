namespace LibbpfSharp.Emulator;

/// <summary>SK_STORAGE, INODE_STORAGE, TASK_STORAGE and CGRP_STORAGE: a value with each socket, file, process or cgroup.</summary>
internal sealed unsafe class LocalStorageMap : EmulatedMap
{
    private readonly ElementPool _pool;
    private readonly Lock _lock = new();
    private readonly HashSet<EmulatedStandIn> _owners = [];

    public LocalStorageMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec) =>
        _pool = new ElementPool(kernel.Gate, HashElement.SizeInBytes + ((spec.ValueSize + 7) & ~7u), 16);

    /// <summary>bpf_*_storage_get().</summary>
    /// <param name="owner">Whose value.</param>
    /// <param name="initial">With <paramref name="create"/>: the value to begin with, or null for zero.</param>
    /// <param name="create">BPF_LOCAL_STORAGE_GET_F_CREATE.</param>
    /// <returns>Address of the value, or null.</returns>
    public byte* Get(EmulatedStandIn owner, byte* initial, bool create)
    {
        if (owner.Storage.TryGet(this, out nint value))
            return (byte*)value;
        if (!create)
            return null;
        int error = Store(owner, initial, FlagNoExist);
        return error is 0 or -Errno.EEXIST && owner.Storage.TryGet(this, out value) ? (byte*)value : null;
    }

    /// <summary>bpf_*_storage_delete().</summary>
    /// <returns>0 or -ENOENT.</returns>
    public int Remove(EmulatedStandIn owner)
    {
        nint value;
        lock (_lock)
        {
            if (!owner.Storage.TryRemove(this, out value))
                return -Errno.ENOENT;
            _owners.Remove(owner);
        }

        Free((byte*)value);
        return 0;
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        int error = Resolve(*(uint*)key, out EmulatedStandIn? owner);
        if (error != 0)
            return error;
        return owner!.Storage.TryGet(this, out nint found) ? CopyValueOut(value, (byte*)found, flags) : -Errno.ENOENT;
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        int error = Resolve(*(uint*)key, out EmulatedStandIn? owner);
        if (error != 0)
            return error;
        return (flags & ~FlagLock) > FlagExist ? -Errno.EINVAL : Store(owner!, value, flags);
    }

    public override int SyscallDelete(byte* key)
    {
        int error = Resolve(*(uint*)key, out EmulatedStandIn? owner);
        return error != 0 ? error : Remove(owner!);
    }

    protected override void OnUnreferenced()
    {
        base.OnUnreferenced();
        EmulatedStandIn[] owners;
        lock (_lock)
            owners = [.. _owners];
        foreach (EmulatedStandIn owner in owners)
            Remove(owner);
    }

    protected override void Destroy()
    {
        _pool.Dispose();
        base.Destroy();
    }

    private int Store(EmulatedStandIn owner, byte* value, ulong flags)
    {
        lock (_lock)
        {
            bool isPresent = owner.Storage.TryGet(this, out nint old);
            ulong kind = flags & 3;
            if (isPresent && kind == FlagNoExist)
                return -Errno.EEXIST;
            if (!isPresent && kind == FlagExist)
                return -Errno.ENOENT;
            if (isPresent && (flags & FlagLock) != 0)
            {
                Fields!.Lock((byte*)old);
                CopyValue((byte*)old, value);
                Fields.Unlock((byte*)old);
                return 0;
            }

            byte* created;
            try
            {
                created = (byte*)_pool.Take() + HashElement.SizeInBytes;
            }
            catch (OutOfMemoryException)
            {
                return -Errno.ENOMEM;
            }

            new Span<byte>(created, (int)ValueSize).Clear();
            if (value != null)
                CopyValue(created, value);
            if (isPresent)
            {
                owner.Storage.TryUpdate(this, (nint)created, old);
                Free((byte*)old);
            }
            else
            {
                owner.Storage.TryAdd(this, (nint)created);
                _owners.Add(owner);
            }

            return 0;
        }
    }

    private void Free(byte* value)
    {
        ReleaseFields(value);
        _pool.Give((HashElement*)(value - HashElement.SizeInBytes));
    }

    private int Resolve(uint fd, out EmulatedStandIn? owner)
    {
        owner = null;
        if (Kernel.FindFile((int)fd) is not { } file)
            return -Errno.EBADF;
        owner = Type switch
        {
            BpfMapType.SkStorage => file.Object as EmulatedSocket,
            BpfMapType.TaskStorage => file.Object as EmulatedProcess,
            BpfMapType.CgrpStorage => file.Object as EmulatedCgroup,
            _ => file.Object as EmulatedStandIn,
        };
        return owner is not null ? 0 : Type == BpfMapType.SkStorage ? -Errno.ENOTSOCK : -Errno.EBADF;
    }
}
