namespace LibbpfSharp.Emulator;

/// <summary>What LRU_HASH and LRU_PERCPU_HASH share: every element has a place, and places are what is scarce.</summary>
internal abstract unsafe class LruTableMap : HashTableMap
{
    protected LruTableMap(EmulatedKernel kernel, MapSpec spec, ulong valueBytes)
        : base(kernel, spec, valueBytes) =>
        Places = new LruPlaces(spec.MaxEntries, kernel.CpuCount, !spec.Has(BpfMapFlags.NoCommonLru), Evict, fixedLot: !kernel.IsAtLeast(6, 16));

    protected LruPlaces Places { get; }

    public override byte* LookupElement(byte* key, int cpuSlot)
    {
        HashElement* element = Table.Find(key, Table.Hash(key));
        if (element == null)
            return null;
        Places.MarkUsed(element->LruNode); // only a program's lookup counts as use
        return SlotOf(element, cpuSlot);
    }

    /// <summary>A new element in a place, counted but not linked; null if there is no place.</summary>
    protected HashElement* Create(byte* key, uint hash, int cpuSlot)
    {
        int place = Places.Take(cpuSlot);
        if (place < 0)
            return null;
        HashElement* element;
        try
        {
            element = Table.Create(key, hash);
        }
        catch (OutOfMemoryException)
        {
            Places.Give(place);
            return null;
        }

        element->LruNode = place;
        AddCount(1);
        Places.SetElement(place, element);
        return element;
    }

    /// <summary>Gives up an element that is not linked.</summary>
    protected void Drop(HashElement* element)
    {
        AddCount(-1);
        Places.Give(element->LruNode);
        Table.Free(element);
    }

    protected override void Retire(HashElement* element)
    {
        ReleaseFields(Table.ValueOf(element));
        Drop(element);
    }

    protected override void Destroy()
    {
        base.Destroy();
        Places.Dispose();
    }

    // Called with the lock of the places; the element stays readable for those who found it.
    private bool Evict(int place)
    {
        HashElement* element = Places.GetElement(place);
        if (element == null)
            return false;
        uint hash = element->Hash;
        Table.Lock(hash);
        bool isLinked = element->IsLive != 0;
        if (isLinked)
            Table.Unlink(element);
        Table.Unlock(hash);
        if (!isLinked)
            return false;
        AddCount(-1);
        ReleaseFields(Table.ValueOf(element));
        Places.SetElement(place, null);
        Table.Free(element);
        return true;
    }
}
