using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The batch commands as most types have them: one element after another.</summary>
internal static unsafe class MapBatch
{
    private const ulong FlagLock = 4, FlagCpu = 8, FlagAllCpus = 16;

    /// <summary>Only BPF_F_LOCK, and from 7.0 on the flags of per-CPU maps, may be asked for.</summary>
    public static int CheckElementFlags(EmulatedMap map, ulong flags, ulong cpuFlags)
    {
        bool hasCpuFlags = map.Kernel.IsAtLeast(7, 0);
        if (hasCpuFlags)
            return map.Kernel.MapCommands.CheckElementFlags(map, flags, FlagLock | cpuFlags);
        return (flags & ~FlagLock) != 0 || (flags != 0 && map.Fields is not { SpinLockOffset: >= 0 }) ? -Errno.EINVAL : 0;
    }

    /// <summary>Size of a value in a batch: with BPF_F_CPU or BPF_F_ALL_CPUS one slot.</summary>
    public static uint ValueSize(EmulatedMap map, ulong flags) =>
        (flags & (FlagCpu | FlagAllCpus)) != 0 ? map.ValueSize : map.SyscallValueSize;

    public static int Update(EmulatedMap map, ref bpf_attr_batch attr, KernelFile file)
    {
        int error = CheckElementFlags(map, attr.elem_flags, FlagCpu | FlagAllCpus);
        if (error != 0 || attr.count == 0)
            return error;
        uint count = attr.count;
        ulong valueSize = ValueSize(map, attr.elem_flags);
        uint done = 0;
        for (; done < count && error == 0; done++)
        {
            ulong key = attr.keys + (done * (ulong)map.KeySize);
            ulong value = attr.values + (done * valueSize);
            error = !UserMemory.IsValid(key) || !UserMemory.IsValid(value)
                ? -Errno.EFAULT
                : map.SyscallUpdate((byte*)key, (byte*)value, attr.elem_flags, file);
            if (error != 0)
                break;
        }

        attr.count = done;
        return error;
    }

    public static int Delete(EmulatedMap map, ref bpf_attr_batch attr)
    {
        int error = CheckElementFlags(map, attr.elem_flags, 0);
        if (error != 0 || attr.count == 0)
            return error;
        uint count = attr.count;
        uint done = 0;
        for (; done < count; done++)
        {
            ulong key = attr.keys + (done * (ulong)map.KeySize);
            error = UserMemory.IsValid(key) ? map.SyscallDelete((byte*)key) : -Errno.EFAULT;
            if (error != 0)
                break;
        }

        attr.count = done;
        return error;
    }

    /// <summary>Lookup by walking keys: the cursor is the last key.</summary>
    public static int Lookup(EmulatedMap map, ref bpf_attr_batch attr)
    {
        int error = CheckElementFlags(map, attr.elem_flags, FlagCpu);
        if (error != 0 || attr.count == 0)
            return error;
        uint keySize = map.KeySize;
        uint count = attr.count;
        ulong valueSize = ValueSize(map, attr.elem_flags);
        attr.count = 0;
        byte* keys = stackalloc byte[2 * 512]; // the types with such a batch have keys of at most 260 bytes
        byte* key = keys;
        byte* other = keys + 512;
        byte* previous = null;
        if (attr.in_batch != 0)
        {
            if (!UserMemory.IsValid(attr.in_batch))
                return -Errno.EFAULT;
            Unsafe.CopyBlockUnaligned(other, (void*)attr.in_batch, keySize);
            previous = other;
        }

        uint done = 0;
        while (done < count)
        {
            error = map.SyscallNextKey(previous, (ulong)key);
            if (error != 0)
                break;
            ulong userKey = attr.keys + (done * (ulong)keySize);
            ulong userValue = attr.values + (done * valueSize);
            error = map.SyscallLookup(key, userValue, attr.elem_flags);
            if (error == 0 && !UserMemory.IsValid(userKey))
                error = -Errno.EFAULT;
            if (error is not (0 or -Errno.ENOENT))
                return error;
            if (error == 0)
            {
                Unsafe.CopyBlockUnaligned((void*)userKey, key, keySize);
                done++;
            }

            error = 0;
            previous = key;
            key = other;
            other = previous;
        }

        attr.count = done;
        if (done == 0)
            return error;
        if (!UserMemory.IsValid(attr.out_batch))
            return -Errno.EFAULT;
        Unsafe.CopyBlockUnaligned((void*)attr.out_batch, previous, keySize);
        return error;
    }
}
