namespace LibbpfSharp.Emulator;

/// <summary>Active, inactive and free places with the clock hand that ages the inactive ones; the caller holds the lock.</summary>
internal sealed unsafe class LruList(LruNode* nodes, int firstHead, int scans, Func<int, bool> evict)
{
    private readonly int[] _counts = new int[3];
    private int _rotation = InitialiseHeads(nodes, firstHead);

    public int FreeHead => firstHead + (int)LruListKind.Free;

    private int ActiveHead => firstHead + (int)LruListKind.Active;

    private int InactiveHead => firstHead + (int)LruListKind.Inactive;

    /// <summary>Makes a list empty.</summary>
    public static void MakeEmpty(LruNode* nodes, int head) => nodes[head].Previous = nodes[head].Next = head;

    public static void Remove(LruNode* nodes, int node)
    {
        nodes[nodes[node].Previous].Next = nodes[node].Next;
        nodes[nodes[node].Next].Previous = nodes[node].Previous;
    }

    public static void AddFront(LruNode* nodes, int head, int node)
    {
        int first = nodes[head].Next;
        nodes[node].Previous = head;
        nodes[node].Next = first;
        nodes[first].Previous = node;
        nodes[head].Next = node;
    }

    /// <summary>Moves a place of a CPU's own list to the candidates.</summary>
    public void MoveIn(int node, LruListKind kind)
    {
        _counts[(int)kind]++;
        nodes[node].Kind = kind;
        nodes[node].IsReferenced = 0;
        Remove(nodes, node);
        AddFront(nodes, firstHead + (int)kind, node);
    }

    /// <summary>Moves a place between or within these lists.</summary>
    public void Move(int node, LruListKind kind)
    {
        _counts[(int)nodes[node].Kind]--;
        _counts[(int)kind]++;
        nodes[node].Kind = kind;
        nodes[node].IsReferenced = 0;
        LeaveRotation(node);
        Remove(nodes, node);
        AddFront(nodes, firstHead + (int)kind, node);
    }

    /// <summary>Moves a place to a list of free ones.</summary>
    public void MoveToFree(int node, int freeHead, LruListKind kind)
    {
        LeaveRotation(node);
        _counts[(int)nodes[node].Kind]--;
        nodes[node].Kind = kind;
        if (kind == LruListKind.Free)
            _counts[(int)kind]++;
        Remove(nodes, node);
        AddFront(nodes, freeHead, node);
    }

    /// <summary>Ages the places before some are evicted.</summary>
    public void Rotate()
    {
        if (_counts[(int)LruListKind.Inactive] < _counts[(int)LruListKind.Active])
            RotateActive();
        RotateInactive();
    }

    /// <summary>Evicts up to a number of places that were not used again, or one that was if there is no other.</summary>
    public int Shrink(int target, int freeHead, LruListKind kind)
    {
        int evicted = ShrinkInactive(target, freeHead, kind);
        if (evicted > 0)
            return evicted;
        int head = nodes[InactiveHead].Next != InactiveHead ? InactiveHead : ActiveHead;
        for (int node = nodes[head].Previous, before; node != head; node = before)
        {
            before = nodes[node].Previous;
            if (!evict(node))
                continue;
            MoveToFree(node, freeHead, kind);
            return 1;
        }

        return 0;
    }

    private static int InitialiseHeads(LruNode* nodes, int firstHead)
    {
        for (int i = 0; i < 3; i++)
            MakeEmpty(nodes, firstHead + i);
        return firstHead + (int)LruListKind.Inactive;
    }

    // From the oldest: used again stays active, at the front; the others become candidates.
    private void RotateActive()
    {
        int first = nodes[ActiveHead].Next;
        int i = 0;
        for (int node = nodes[ActiveHead].Previous, before; node != ActiveHead; node = before)
        {
            before = nodes[node].Previous;
            Move(node, nodes[node].IsReferenced != 0 ? LruListKind.Active : LruListKind.Inactive);
            if (++i == scans || node == first)
                break;
        }
    }

    // From where the last rotation stopped: candidates that were used again become active.
    private void RotateInactive()
    {
        int head = InactiveHead;
        if (nodes[head].Next == head)
            return;
        int last = nodes[_rotation].Next;
        if (last == head)
            last = nodes[last].Next;
        int current = _rotation;
        int next = head;
        for (int i = 0; i < scans;)
        {
            if (current == head)
            {
                current = nodes[current].Previous;
                continue;
            }

            next = nodes[current].Previous;
            if (nodes[current].IsReferenced != 0)
                Move(current, LruListKind.Active);
            if (current == last)
                break;
            current = next;
            i++;

            // All were used again: what is left is the empty list.
            if (nodes[head].Next == head)
                break;
        }

        _rotation = next;
    }

    private int ShrinkInactive(int target, int freeHead, LruListKind kind)
    {
        int evicted = 0;
        int i = 0;
        for (int node = nodes[InactiveHead].Previous, before; node != InactiveHead; node = before)
        {
            before = nodes[node].Previous;
            if (nodes[node].IsReferenced != 0)
            {
                Move(node, LruListKind.Active);
            }
            else if (evict(node))
            {
                MoveToFree(node, freeHead, kind);
                if (++evicted == target)
                    break;
            }

            if (++i == scans)
                break;
        }

        return evicted;
    }

    private void LeaveRotation(int node)
    {
        if (node == _rotation)
            _rotation = nodes[node].Previous;
    }
}
