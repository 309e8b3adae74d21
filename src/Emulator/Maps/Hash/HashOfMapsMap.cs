namespace LibbpfSharp.Emulator;

/// <summary>HASH_OF_MAPS: an element holds the id of a map and a reference to it; overwriting is in place.</summary>
internal sealed unsafe class HashOfMapsMap(EmulatedKernel kernel, MapSpec spec, InnerMapTemplate template) : HashTableMap(kernel, spec, sizeof(ulong))
{
    public override InnerMapTemplate? Template => template;

    public override bool SupportsForEach => false;

    public override bool SupportsLookupAndDelete => false;

    public override byte* LookupElement(byte* key, int cpuSlot) => null;

    public override EmulatedMap? LookupInnerMap(byte* key)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        if (element == null)
            return null;
        ref uint id = ref *(uint*)Table.ValueOf(element);
        uint seen;
        do
        {
            // A map that was replaced and is gone since was read just before: there is another by now.
            seen = Volatile.Read(ref id);
            if (Kernel.Maps.Find(seen) is { } map)
                return map;
        }
        while (Volatile.Read(ref id) != seen);
        return null;
    }

    public override int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot) => -Errno.EINVAL;

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        int error = template.Resolve(Kernel, *(uint*)value, out EmulatedMap? map);
        if (error != 0)
            return error;
        if (flags > FlagExist)
            return -Errno.EINVAL;
        if (!map!.TryAcquire())
            return -Errno.EBADF;
        error = Store(key, map, flags, out uint replaced);
        if (error != 0)
            map.Release();
        else if (replaced != 0)
            Kernel.Maps.Find(replaced)?.Release();
        return error;
    }

    protected override void Retire(HashElement* element)
    {
        Kernel.Maps.Find(*(uint*)Table.ValueOf(element))?.Release();
        base.Retire(element);
    }

    protected override bool NeedsWalkOnDestroy => true;

    protected override void OnDestroyed(HashElement* element) => Kernel.Maps.Find(*(uint*)Table.ValueOf(element))?.Release();

    private int Store(byte* key, EmulatedMap map, ulong flags, out uint replaced)
    {
        replaced = 0;
        uint hash = Table.Hash(key);
        Table.Lock(hash);
        try
        {
            HashElement* element = Table.Find(key, hash);
            int error = CheckPresence(element != null, flags);
            if (error != 0)
                return error;
            if (element != null)
            {
                uint* id = (uint*)Table.ValueOf(element);
                replaced = *id;
                Volatile.Write(ref *id, map.Id);
                return 0;
            }

            if (!TryCount())
                return -Errno.E2BIG;
            element = Table.Create(key, hash);
            *(uint*)Table.ValueOf(element) = map.Id;
            Table.Link(element);
            return 0;
        }
        catch (OutOfMemoryException)
        {
            AddCount(-1);
            return -Errno.ENOMEM;
        }
        finally
        {
            Table.Unlock(hash);
        }
    }
}
