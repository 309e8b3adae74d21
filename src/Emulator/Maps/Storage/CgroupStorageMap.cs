using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>CGROUP_STORAGE and PERCPU_CGROUP_STORAGE: values that attaching a program to a cgroup makes.</summary>
internal sealed unsafe class CgroupStorageMap : EmulatedMap
{
    private readonly ConcurrentDictionary<(ulong Cgroup, uint AttachType), NativeBlock> _values = new();
    private readonly PerCpuValues _layout;

    public CgroupStorageMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec) =>
        _layout = new PerCpuValues(kernel, spec.ValueSize);

    public override bool IsPerCpu => Type == BpfMapType.PerCpuCgroupStorage;

    public override uint SyscallValueSize => IsPerCpu ? _layout.TotalSize : ValueSize;

    /// <summary>The value of an attachment, made if need be: bpf_get_local_storage().</summary>
    /// <param name="cgroup">Id of the cgroup.</param>
    /// <param name="attachType">BPF_CGROUP_*; ignored with 8-byte keys.</param>
    /// <param name="cpuSlot">The running CPU's slot.</param>
    public byte* GetOrCreate(ulong cgroup, uint attachType, int cpuSlot)
    {
        NativeBlock block = _values.GetOrAdd(KeyOf(cgroup, attachType), static (_, map) => new NativeBlock(map.SyscallValueSize), this);
        return IsPerCpu ? _layout.Slot(block.Start, cpuSlot) : block.Start;
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        if (!TryFind(key, out byte* found))
            return -Errno.ENOENT;
        return IsPerCpu ? _layout.CopyOut(value, found, flags) : CopyValueOut(value, found, flags);
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        ulong kind = IsPerCpu && Kernel.IsAtLeast(7, 0) ? (uint)flags & ~(FlagCpu | FlagAllCpus) : flags;
        if ((kind & ~(FlagLock | FlagExist)) != 0 || (IsPerCpu && (flags & FlagLock) != 0))
            return -Errno.EINVAL;
        if (!TryFind(key, out byte* found))
            return -Errno.ENOENT;
        if (IsPerCpu)
            _layout.CopyIn(found, value, flags);
        else
            CopyValue(found, value);
        return 0;
    }

    public override int SyscallDelete(byte* key) => -Errno.EINVAL;

    public override int SyscallNextKey(byte* key, ulong next)
    {
        (ulong Cgroup, uint AttachType)[] keys = [.. _values.Keys.Order()];
        int index = 0;
        if (key != null)
        {
            index = Array.IndexOf(keys, ReadKey(key)) + 1;
            if (index == 0)
                return -Errno.ENOENT;
        }

        if (index >= keys.Length)
            return -Errno.ENOENT;
        byte* found = stackalloc byte[16];
        *(ulong*)found = keys[index].Cgroup;
        *(ulong*)(found + 8) = keys[index].AttachType;
        return CopyOut(next, found, KeySize);
    }

    protected override void Destroy()
    {
        foreach (NativeBlock block in _values.Values)
            block.Dispose();
        base.Destroy();
    }

    private (ulong Cgroup, uint AttachType) KeyOf(ulong cgroup, uint attachType) => (cgroup, KeySize == 8 ? 0 : attachType);

    private (ulong Cgroup, uint AttachType) ReadKey(byte* key) =>
        KeyOf(Unsafe.ReadUnaligned<ulong>(key), KeySize == 8 ? 0 : Unsafe.ReadUnaligned<uint>(key + 8));

    private bool TryFind(byte* key, out byte* value)
    {
        bool found = _values.TryGetValue(ReadKey(key), out NativeBlock? block);
        value = found ? block!.Start : null;
        return found;
    }
}
