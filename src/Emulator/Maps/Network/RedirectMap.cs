using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>DEVMAP, DEVMAP_HASH and CPUMAP: where XDP programs redirect packets to.</summary>
internal sealed unsafe class RedirectMap : EmulatedMap
{
    private const uint MaximumQueue = 16384;
    private const int Overflow = 75;
    private readonly ConcurrentDictionary<uint, RedirectEntry> _entries = new();
    private readonly Lock _lock = new();

    public RedirectMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        // Programs look entries up but never change them.
        if (spec.Type != BpfMapType.CpuMap)
            Flags |= BpfMapFlags.ReadOnlyProgram;
    }

    private bool IsHash => Type == BpfMapType.DevMapHash;

    /// <summary>The entry of a key, or null.</summary>
    public RedirectEntry? Get(uint key) => _entries.GetValueOrDefault(key);

    /// <summary>Keys that have entries, ascending: for BPF_F_BROADCAST.</summary>
    public IEnumerable<uint> Keys => _entries.Keys.Order();

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        if (Get(*(uint*)key) is not { } entry)
            return -Errno.ENOENT;
        uint* found = stackalloc uint[2];
        found[0] = entry.Number;
        found[1] = entry.ProgramId;
        return CopyOut(value, found, ValueSize);
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        uint number = Unsafe.ReadUnaligned<uint>(value);
        int program = ValueSize == 8 ? Unsafe.ReadUnaligned<int>(value + 4) : Type == BpfMapType.CpuMap ? 0 : -1;
        int error = CheckUpdate(*(uint*)key, number, flags);
        if (error != 0)
            return error;
        if (number == 0 && !IsHash)
        {
            if (program > 0 && Type == BpfMapType.DevMap)
                return -Errno.EINVAL;
            Remove(*(uint*)key);
            return 0;
        }

        if (Type != BpfMapType.CpuMap && Kernel.Machine.FindInterface((int)number) is null)
            return -Errno.EINVAL;
        EmulatedObject? held = null;
        if (program > 0)
        {
            error = Kernel.Find((uint)program, out held);
            if (error != 0 || held is not ITailCallTarget || !held.TryAcquire())
                return error != 0 ? error : -Errno.EINVAL;
        }

        error = Store(*(uint*)key, new RedirectEntry(number, held), flags);
        if (error != 0)
            held?.Release();
        return error;
    }

    public override int SyscallDelete(byte* key)
    {
        if (!IsHash && *(uint*)key >= MaxEntries)
            return -Errno.EINVAL;
        return !Remove(*(uint*)key) && IsHash ? -Errno.ENOENT : 0;
    }

    public override int SyscallNextKey(byte* key, ulong next)
    {
        if (!IsHash)
            return ArrayKeys.Next(key, next, MaxEntries);
        uint[] keys = [.. Keys];
        int index = key == null ? 0 : Array.IndexOf(keys, *(uint*)key) + 1;
        if (index >= keys.Length)
            return -Errno.ENOENT;
        uint found = keys[index];
        return CopyOut(next, &found, sizeof(uint));
    }

    protected override void Destroy()
    {
        foreach (RedirectEntry entry in _entries.Values)
            entry.Program?.Release();
        base.Destroy();
    }

    private int CheckUpdate(uint key, uint number, ulong flags)
    {
        if (flags > FlagExist || (IsHash && number == 0))
            return -Errno.EINVAL;
        if (IsHash)
            return 0;
        if (key >= MaxEntries)
            return -Errno.E2BIG;
        if (flags == FlagNoExist)
            return -Errno.EEXIST;
        if (Type != BpfMapType.CpuMap)
            return 0;
        if (number > MaximumQueue)
            return -Overflow;
        return key > int.MaxValue || Kernel.Machine.SlotOf((int)key) < 0 ? -Errno.ENODEV : 0;
    }

    private int Store(uint key, RedirectEntry entry, ulong flags)
    {
        RedirectEntry? old;
        lock (_lock)
        {
            old = Get(key);
            if (IsHash && old is not null && flags == FlagNoExist)
                return -Errno.EEXIST;
            if (IsHash && old is null && (uint)_entries.Count >= MaxEntries)
                return -Errno.E2BIG;
            _entries[key] = entry;
        }

        old?.Program?.Release();
        return 0;
    }

    private bool Remove(uint key)
    {
        bool removed = _entries.TryRemove(key, out RedirectEntry? old);
        old?.Program?.Release();
        return removed;
    }
}
