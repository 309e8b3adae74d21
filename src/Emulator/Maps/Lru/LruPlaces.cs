namespace LibbpfSharp.Emulator;

/// <summary>
/// The places of an LRU map and which to evict, as Linux does it: with a common LRU each CPU takes places in lots and
/// keeps those it filled last to itself; without, each CPU has its own places. One lock guards all of it; evicting takes
/// bucket locks inside it, never the other way round.
/// </summary>
internal sealed unsafe class LruPlaces : IDisposable
{
    private const int LargestLot = 128;
    private const int CommonScans = 128;
    private const int PerCpuScans = 4;
    private const int PerCpuLot = 4;

    private readonly NativeBlock _memory;
    private readonly LruNode* _nodes;
    private readonly LruList[] _lists;
    private readonly int _firstLocal;
    private readonly int[] _nextSteal;
    private readonly int _lot;
    private readonly bool _isCommon;
    private readonly int _cpuCount;
    private readonly Func<int, bool> _evict;
    private int _lock;

    /// <summary>Makes the places, all free.</summary>
    /// <param name="count">How many; without a common LRU a multiple of the CPUs.</param>
    /// <param name="cpuCount">Possible CPUs.</param>
    /// <param name="isCommon">Whether the CPUs share the places.</param>
    /// <param name="evict">Takes the element of a place out of the table; false if it is not in the table.</param>
    /// <param name="fixedLot">Lots of 128 places whatever the size of the map, as before Linux 6.16.</param>
    public LruPlaces(uint count, int cpuCount, bool isCommon, Func<int, bool> evict, bool fixedLot)
    {
        int places = checked((int)count);
        _cpuCount = cpuCount;
        _isCommon = isCommon;
        _evict = evict;
        int heads = isCommon ? 3 + (2 * cpuCount) : 3 * cpuCount;
        _memory = new NativeBlock((ulong)(places + heads) * (uint)sizeof(LruNode));
        _nodes = (LruNode*)_memory.Start;
        _firstLocal = places + 3;
        _nextSteal = [.. Enumerable.Range(0, cpuCount)];
        _lot = fixedLot ? LargestLot : Math.Clamp(places / cpuCount / 2, 1, LargestLot);
        _lists = new LruList[isCommon ? 1 : cpuCount];
        for (int i = 0; i < _lists.Length; i++)
            _lists[i] = new LruList(_nodes, places + (3 * i), isCommon ? CommonScans : PerCpuScans, evict);
        if (isCommon)
        {
            for (int i = 0; i < 2 * cpuCount; i++)
                LruList.MakeEmpty(_nodes, _firstLocal + i);
        }

        int perList = places / _lists.Length;
        for (int i = 0; i < places; i++)
        {
            int list = Math.Min(i / perList, _lists.Length - 1);
            _nodes[i].Kind = LruListKind.Free;
            _nodes[i].Cpu = (ushort)list;
            LruList.AddFront(_nodes, _lists[list].FreeHead, i);
        }
    }

    /// <summary>The element of a place, or null.</summary>
    public HashElement* GetElement(int place) => (HashElement*)Volatile.Read(ref *(nint*)&_nodes[place].Element);

    /// <summary>Says whose a place is.</summary>
    public void SetElement(int place, HashElement* element) => Volatile.Write(ref *(nint*)&_nodes[place].Element, (nint)element);

    /// <summary>Notes that a place was used, which spares it once.</summary>
    public void MarkUsed(int place)
    {
        if (_nodes[place].IsReferenced == 0)
            _nodes[place].IsReferenced = 1;
    }

    /// <summary>Takes a place for a new element, evicting others if need be.</summary>
    /// <returns>The place, or -1 if there is none to be had.</returns>
    public int Take(int cpu)
    {
        SpinWord.Acquire(ref _lock);
        int place = _isCommon ? TakeCommon(cpu) : TakePerCpu(cpu);
        SpinWord.Release(ref _lock);
        return place;
    }

    /// <summary>Gives a place back whose element is no longer in the table.</summary>
    public void Give(int place)
    {
        SpinWord.Acquire(ref _lock);
        LruNode* node = _nodes + place;
        node->Element = null;
        switch (node->Kind)
        {
            case LruListKind.Free or LruListKind.LocalFree:
                break;
            case LruListKind.LocalPending:
                node->Kind = LruListKind.LocalFree;
                node->IsReferenced = 0;
                LruList.Remove(_nodes, place);
                LruList.AddFront(_nodes, LocalFreeHead(node->Cpu), place);
                break;
            default:
                _lists[_isCommon ? 0 : node->Cpu].Move(place, LruListKind.Free);
                break;
        }

        SpinWord.Release(ref _lock);
    }

    public void Dispose() => _memory.Dispose();

    private int LocalFreeHead(int cpu) => _firstLocal + (2 * cpu);

    private int LocalPendingHead(int cpu) => _firstLocal + (2 * cpu) + 1;

    private int TakePerCpu(int cpu)
    {
        LruList list = _lists[cpu];
        list.Rotate();
        if (_nodes[list.FreeHead].Next == list.FreeHead)
            list.Shrink(PerCpuLot, list.FreeHead, LruListKind.Free);
        int place = _nodes[list.FreeHead].Next;
        if (place == list.FreeHead)
            return -1;
        list.Move(place, LruListKind.Inactive);
        return place;
    }

    private int TakeCommon(int cpu)
    {
        int place = PopLocalFree(cpu);
        if (place < 0)
        {
            Refill(cpu);
            place = PopLocalFree(cpu);
        }

        if (place < 0)
            place = Steal(cpu);
        if (place < 0)
            return -1;
        LruNode* node = _nodes + place;
        node->Cpu = (ushort)cpu;
        node->Kind = LruListKind.LocalPending;
        node->IsReferenced = 0;
        LruList.AddFront(_nodes, LocalPendingHead(cpu), place);
        return place;
    }

    private int PopLocalFree(int cpu)
    {
        int head = LocalFreeHead(cpu);
        int place = _nodes[head].Next;
        if (place == head)
            return -1;
        LruList.Remove(_nodes, place);
        return place;
    }

    // What the CPU filled joins the candidates; then it gets a lot of free places, evicted ones if there are too few.
    private void Refill(int cpu)
    {
        LruList list = _lists[0];
        int pending = LocalPendingHead(cpu);
        for (int node = _nodes[pending].Previous, before; node != pending; node = before)
        {
            before = _nodes[node].Previous;
            list.MoveIn(node, _nodes[node].IsReferenced != 0 ? LruListKind.Active : LruListKind.Inactive);
        }

        list.Rotate();
        int taken = 0;
        for (int node = _nodes[list.FreeHead].Next, after; node != list.FreeHead && taken < _lot; node = after, taken++)
        {
            after = _nodes[node].Next;
            list.MoveToFree(node, LocalFreeHead(cpu), LruListKind.LocalFree);
        }

        if (taken < _lot)
            list.Shrink(_lot - taken, LocalFreeHead(cpu), LruListKind.LocalFree);
    }

    // Round robin over the CPUs' own lists.
    private int Steal(int cpu)
    {
        int first = _nextSteal[cpu];
        int victim = first;
        int place;
        do
        {
            place = PopLocalFree(victim);
            if (place < 0)
                place = PopPending(victim);
            victim = (victim + 1) % _cpuCount;
        }
        while (place < 0 && victim != first);
        _nextSteal[cpu] = victim;
        return place;
    }

    private int PopPending(int cpu)
    {
        int head = LocalPendingHead(cpu);
        for (int force = 0; force < 2; force++)
        {
            for (int node = _nodes[head].Previous; node != head; node = _nodes[node].Previous)
            {
                if ((_nodes[node].IsReferenced != 0 && force == 0) || !_evict(node))
                    continue;
                LruList.Remove(_nodes, node);
                return node;
            }
        }

        return -1;
    }
}
