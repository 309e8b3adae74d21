using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The commands of bpf(2) that are about maps: what is checked for every type, in Linux's order.</summary>
internal sealed unsafe partial class MapCommands(EmulatedKernel kernel)
{
    private const ulong FlagLock = 4, FlagCpu = 8, FlagAllCpus = 16;
    private readonly bool _hasCpuFlags = kernel.IsAtLeast(7, 0);

    public int Lookup(in bpf_attr_map_elem attr)
    {
        if (attr.flags != 0 && (attr.flags & ~FlagLock) != 0 && !_hasCpuFlags)
            return -Errno.EINVAL;
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        if (file.Object is not EmulatedMap map)
            return -Errno.EINVAL;
        if (!file.CanRead)
            return -Errno.EPERM;
        if (attr.flags != 0 && CheckElementFlags(map, attr.flags, FlagLock | FlagCpu) is var refused && refused != 0)
            return refused;
        if (CheckKey(map, attr.key) is var badKey && badKey != 0)
            return badKey;
        if (map.LookupReadsValue && !UserMemory.IsValid(attr.value))
            return -Errno.EFAULT;
        return map.SyscallLookup((byte*)attr.key, attr.value, attr.flags);
    }

    public int Update(in bpf_attr_map_elem attr)
    {
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        if (file.Object is not EmulatedMap map)
            return -Errno.EINVAL;
        if (!file.CanWrite || map.IsFrozen)
            return -Errno.EPERM;
        if (attr.flags > 2 && CheckElementFlags(map, attr.flags, ulong.MaxValue) is var refused && refused != 0)
            return refused;
        if (CheckKey(map, attr.key) is var badKey && badKey != 0)
            return badKey;
        if (!UserMemory.IsValid(attr.value) && map.SyscallValueSize != 0)
            return -Errno.EFAULT;
        return map.SyscallUpdate((byte*)attr.key, (byte*)attr.value, attr.flags, file);
    }

    public int Delete(in bpf_attr_map_elem attr)
    {
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        if (file.Object is not EmulatedMap map)
            return -Errno.EINVAL;
        if (!file.CanWrite || map.IsFrozen)
            return -Errno.EPERM;
        return CheckKey(map, attr.key) is var badKey && badKey != 0 ? badKey : map.SyscallDelete((byte*)attr.key);
    }

    public int GetNextKey(in bpf_attr_map_elem attr)
    {
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        if (file.Object is not EmulatedMap map)
            return -Errno.EINVAL;
        if (!file.CanRead)
            return -Errno.EPERM;
        if (attr.key != 0 && CheckKey(map, attr.key) is var badKey && badKey != 0)
            return badKey;
        return map.SyscallNextKey((byte*)attr.key, attr.next_key);
    }

    public int LookupAndDelete(in bpf_attr_map_elem attr)
    {
        if ((attr.flags & ~FlagLock) != 0)
            return -Errno.EINVAL;
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        if (file.Object is not EmulatedMap map)
            return -Errno.EINVAL;
        if (!file.CanRead || !file.CanWrite || map.IsFrozen)
            return -Errno.EPERM;
        if (attr.flags != 0 && (map.Type is BpfMapType.Queue or BpfMapType.Stack || map.Fields is not { SpinLockOffset: >= 0 }))
            return -Errno.EINVAL;
        if (CheckKey(map, attr.key) is var badKey && badKey != 0)
            return badKey;
        return map.SupportsLookupAndDelete ? map.SyscallLookupAndDelete((byte*)attr.key, attr.value, attr.flags) : -Errno.ENOTSUPP;
    }

    public int Freeze(in bpf_attr_map_elem attr)
    {
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        return file.Object is EmulatedMap map ? map.Freeze(file) : -Errno.EINVAL;
    }

    public int Batch(BpfCommand command, ref bpf_attr_batch attr)
    {
        if (kernel.FindFile((int)attr.map_fd) is not { } file)
            return -Errno.EBADF;
        if (file.Object is not EmulatedMap map)
            return -Errno.EINVAL;
        bool reads = command is BpfCommand.MapLookupBatch or BpfCommand.MapLookupAndDeleteBatch;
        bool writes = command != BpfCommand.MapLookupBatch;
        if ((reads && !file.CanRead) || (writes && (!file.CanWrite || map.IsFrozen)))
            return -Errno.EPERM;
        return map.SyscallBatch(command, ref attr, file);
    }

    public int GetFdById(in bpf_attr_get_id attr)
    {
        if ((attr.open_flags & ~(uint)(BpfMapFlags.ReadOnly | BpfMapFlags.WriteOnly)) != 0)
            return -Errno.EINVAL;
        int error = EmulatedKernel.GetAccess(attr.open_flags, out bool canRead, out bool canWrite);
        if (error != 0)
            return error;
        return kernel.Maps.TryAcquire(attr.id, out EmulatedMap? map) ? kernel.OpenDescriptor(map, canRead, canWrite) : -Errno.ENOENT;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CheckKey(EmulatedMap map, ulong key)
    {
        if (map.KeySize == 0)
            return key != 0 ? -Errno.EINVAL : 0;
        return UserMemory.IsValid(key) ? 0 : -Errno.EFAULT;
    }

    // Before 7.0 only BPF_F_LOCK is looked at here; the rest is for the type to refuse (after the key and value are read).
    internal int CheckElementFlags(EmulatedMap map, ulong flags, ulong allowed)
    {
        if (!_hasCpuFlags)
            return (flags & FlagLock) != 0 && map.Fields is not { SpinLockOffset: >= 0 } ? -Errno.EINVAL : 0;
        if (((uint)flags & ~allowed) != 0)
            return -Errno.EINVAL;
        if ((flags & FlagLock) != 0 && map.Fields is not { SpinLockOffset: >= 0 })
            return -Errno.EINVAL;
        if ((flags & FlagCpu) == 0 && flags >> 32 != 0)
            return -Errno.EINVAL;
        if ((flags & (FlagCpu | FlagAllCpus)) == 0)
            return 0;
        if (!map.IsPerCpu || (flags & (FlagCpu | FlagAllCpus)) == (FlagCpu | FlagAllCpus))
            return -Errno.EINVAL;
        return (flags & FlagCpu) != 0 && kernel.Machine.SlotOf((int)(flags >> 32)) < 0 ? -Errno.ERANGE : 0;
    }
}
