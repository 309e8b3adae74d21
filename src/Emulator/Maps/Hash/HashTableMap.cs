using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>What all hash maps share: looking up, walking, deleting, batches.</summary>
internal abstract unsafe partial class HashTableMap : EmulatedMap
{
    private int _count;

    protected HashTableMap(EmulatedKernel kernel, MapSpec spec, ulong valueBytes)
        : base(kernel, spec) =>
        Table = new HashTable(
            kernel.Gate, spec.KeySize, valueBytes, spec.MaxEntries, spec.Has(BpfMapFlags.ZeroSeed) ? 0 : kernel.Random.NextUInt32());

    public override bool SupportsForEach => true;

    public override bool SupportsLookupAndDelete => true;

    public override long ElementCount => Volatile.Read(ref _count);

    protected HashTable Table { get; }

    /// <summary>Most elements of the buckets' size that Linux allows.</summary>
    public static bool IsTooLarge(MapSpec spec) => spec.MaxEntries > 1U << 27;

    public override byte* LookupElement(byte* key, int cpuSlot)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        return element == null ? null : Table.ValueOf(element);
    }

    public override int DeleteElement(byte* key)
    {
        uint hash = Table.Hash(key);
        Table.Lock(hash);
        HashElement* element = Table.Find(key, hash);
        if (element != null)
            Table.Unlink(element);
        Table.Unlock(hash);
        if (element == null)
            return -Errno.ENOENT;
        Retire(element);
        return 0;
    }

    public override bool NextElement(MapElementCursor* cursor, int cpuSlot, out byte* key, out byte* value)
    {
        var element = (HashElement*)cursor->Next;
        while (element == null)
        {
            // Null while InBucket: the bucket came to its end.
            if (cursor->InBucket)
                cursor->Position++;
            if (cursor->Position >= Table.BucketCount)
            {
                key = value = null;
                return false;
            }

            cursor->InBucket = true;
            element = Table.First((uint)cursor->Position);
        }

        cursor->Next = (byte*)HashTable.Next(element);
        key = HashTable.KeyOf(element);
        value = SlotOf(element, Math.Max(cpuSlot, 0));
        return true;
    }

    public override int SyscallDelete(byte* key) => DeleteElement(key);

    public override int SyscallNextKey(byte* key, ulong next)
    {
        HashElement* element = key == null ? null : Table.Find(key, Table.Hash(key));
        element = element == null ? Table.FirstFrom(0) : Table.Successor(element);
        return element == null ? -Errno.ENOENT : CopyOut(next, HashTable.KeyOf(element), KeySize);
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        return element == null ? -Errno.ENOENT : CopyElementOut(value, element, flags);
    }

    public override int SyscallLookupAndDelete(byte* key, ulong value, ulong flags)
    {
        uint hash = Table.Hash(key);
        Table.Lock(hash);
        HashElement* element = Table.Find(key, hash);
        if (element == null)
        {
            Table.Unlock(hash);
            return -Errno.ENOENT;
        }

        // The element is gone even if its value cannot be copied out.
        int result = CopyElementOut(value, element, flags);
        Table.Unlink(element);
        Table.Unlock(hash);
        Retire(element);
        return result;
    }

    /// <summary>The value that a program on a CPU sees.</summary>
    protected virtual byte* SlotOf(HashElement* element, int cpuSlot) => Table.ValueOf(element);

    /// <summary>Copies an element's value as bpf(2) shows it.</summary>
    protected virtual int CopyElementOut(ulong user, HashElement* element, ulong flags) => CopyValueOut(user, Table.ValueOf(element), flags);

    /// <summary>Counts a new element unless the map is full.</summary>
    protected bool TryCount()
    {
        int count = Volatile.Read(ref _count);
        while ((uint)count < MaxEntries)
        {
            int seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
                return true;
            count = seen;
        }

        return false;
    }

    /// <summary>Counts elements that came or went where capacity is kept elsewhere.</summary>
    protected void AddCount(int change) => Interlocked.Add(ref _count, change);

    /// <summary>The flags of an update against what is there; 0 or -errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static int CheckPresence(bool isPresent, ulong flags)
    {
        ulong kind = flags & 3;
        return isPresent
            ? kind == FlagNoExist ? -Errno.EEXIST : 0
            : kind == FlagExist ? -Errno.ENOENT : 0;
    }

    /// <summary>Releases an element that was just unlinked.</summary>
    protected virtual void Retire(HashElement* element)
    {
        AddCount(-1);
        ReleaseFields(Table.ValueOf(element));
        Table.Free(element);
    }

    protected override void Destroy()
    {
        if (NeedsWalkOnDestroy)
        {
            for (HashElement* element = Table.FirstFrom(0); element != null; element = Table.Successor(element))
                OnDestroyed(element);
        }

        Table.Dispose();
        base.Destroy();
    }

    /// <summary>Whether elements refer to something that must be released with the map.</summary>
    protected virtual bool NeedsWalkOnDestroy => Fields is { NeedsRelease: true };

    /// <summary>Releases what an element refers to.</summary>
    protected virtual void OnDestroyed(HashElement* element) => ReleaseFields(Table.ValueOf(element));
}
