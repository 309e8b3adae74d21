using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>
/// What bpf(2) does with a map. Keys are readable; user addresses of values are checked by the method that copies, since
/// Linux reports a missing key before a bad address. A type that lacks an operation answers ENOTSUPP unless it says else.
/// </content>
internal abstract unsafe partial class EmulatedMap
{
    protected const ulong FlagNoExist = 1, FlagExist = 2, FlagLock = 4, FlagCpu = 8, FlagAllCpus = 16;

    private int _writableMappings;

    /// <summary>Size of a value as bpf(2) passes it, in bytes.</summary>
    public virtual uint SyscallValueSize => ValueSize;

    /// <summary>Whether the value is read from user memory by lookup (bloom filters).</summary>
    public virtual bool LookupReadsValue => false;

    /// <summary>Whether BPF_MAP_LOOKUP_AND_DELETE_ELEM exists for the type.</summary>
    public virtual bool SupportsLookupAndDelete => false;

    /// <summary>BPF_MAP_LOOKUP_ELEM; <paramref name="value"/> is an address not checked yet.</summary>
    public virtual int SyscallLookup(byte* key, ulong value, ulong flags) => -Errno.ENOTSUPP;

    /// <summary>BPF_MAP_UPDATE_ELEM; the value is readable.</summary>
    public virtual int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => -Errno.ENOTSUPP;

    /// <summary>BPF_MAP_DELETE_ELEM.</summary>
    public virtual int SyscallDelete(byte* key) => -Errno.ENOTSUPP;

    /// <summary>BPF_MAP_GET_NEXT_KEY; <paramref name="key"/> null gives the first, <paramref name="next"/> is an address not checked yet.</summary>
    public virtual int SyscallNextKey(byte* key, ulong next) => -Errno.ENOTSUPP;

    /// <summary>BPF_MAP_LOOKUP_AND_DELETE_ELEM; <paramref name="value"/> is an address not checked yet.</summary>
    public virtual int SyscallLookupAndDelete(byte* key, ulong value, ulong flags) => -Errno.ENOTSUPP;

    /// <summary>One of the batch commands.</summary>
    public virtual int SyscallBatch(BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => -Errno.ENOTSUPP;

    /// <summary>Writes to user memory.</summary>
    /// <returns>0 or -EFAULT.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static int CopyOut(ulong user, void* source, uint size)
    {
        if (!UserMemory.IsValid(user))
            return -Errno.EFAULT;
        Unsafe.CopyBlockUnaligned((void*)user, source, size);
        return 0;
    }

    /// <summary>Copies a value to user memory; what the kernel owns in it reads as zero.</summary>
    protected int CopyValueOut(ulong user, byte* source, ulong flags)
    {
        if (!UserMemory.IsValid(user))
            return -Errno.EFAULT;
        if (Fields is null)
        {
            Unsafe.CopyBlockUnaligned((byte*)user, source, ValueSize);
            return 0;
        }

        bool locked = (flags & FlagLock) != 0;
        if (locked)
            Fields.Lock(source);
        Fields.Copy((byte*)user, source, ValueSize);
        if (locked)
            Fields.Unlock(source);
        Fields.Clear((byte*)user);
        return 0;
    }

    /// <summary>BPF_MAP_FREEZE.</summary>
    public int Freeze(KernelFile file)
    {
        if (Type == BpfMapType.StructOps || Fields is not null)
            return -Errno.ENOTSUPP;
        if (!file.CanWrite || IsFrozen)
            return -Errno.EPERM;
        if (Volatile.Read(ref _writableMappings) > 0)
            return -Errno.EBUSY;
        Volatile.Write(ref _frozen, 1);
        return 0;
    }

    /// <summary>What mmap(2) of any kind of map demands.</summary>
    protected int CheckMapping(MemoryRequest request)
    {
        if (Fields is not null)
            return -Errno.ENOTSUPP;
        if (request.Sharing != MemorySharing.Shared)
            return -Errno.EINVAL;
        if (!request.IsWritable)
            return 0;
        return IsFrozen ? -Errno.EPERM : (Flags & BpfMapFlags.ReadOnlyProgram) != 0 ? -Errno.EACCES : 0;
    }

    /// <summary>Maps without memory of their own to share.</summary>
    public override int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        return -Errno.ENOTSUPP;
    }

    /// <summary>Counts mappings that can write, which a freeze must not leave behind.</summary>
    public void AddWritableMapping() => Interlocked.Increment(ref _writableMappings);

    /// <summary>Takes back what <see cref="AddWritableMapping"/> counted.</summary>
    public void RemoveWritableMapping() => Interlocked.Decrement(ref _writableMappings);

    /// <summary>SHA-256 over the contents (6.18); null for types that have none.</summary>
    public virtual byte[]? ComputeHash() => null;
}
