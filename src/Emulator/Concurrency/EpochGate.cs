using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// What RCU is to Linux: memory taken out of a map is used again only when every thread that was inside the gate at that
/// time has left it. A system call and a program run each enter once; entering is one interlocked store to a cache line
/// of the thread's own.
/// </summary>
/// <remarks>
/// An element retired in epoch e may still be seen by threads that entered in e or e-1, hence may be used again from
/// epoch e+2 on. The epoch moves on when all threads inside have entered in the present one.
/// </remarks>
internal sealed class EpochGate
{
    [ThreadStatic]
    private static EpochSlot? s_threadSlot;

    [ThreadStatic]
    private static ThreadNumber? s_threadNumber;

    private readonly Lock _lock = new();
    private readonly Queue<(long Epoch, EmulatedObject Object)> _deferred = new();
    private EpochSlot?[] _slots = new EpochSlot?[8];
    private long _epoch = 2;
    private int _deferredCount;

    /// <summary>The present epoch. Read it after what was retired can no longer be found (and a full fence).</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>A small number of the calling thread, to choose a stripe by.</summary>
    public static int CurrentThreadNumber => (s_threadNumber ??= new ThreadNumber()).Value;

    /// <summary>Whether the calling thread is inside.</summary>
    public bool IsInside => CurrentSlot().Depth > 0;

    /// <summary>Begins a stretch in which nothing that can be found now is used for something else.</summary>
    /// <returns>To be passed to <see cref="Exit"/> on the same thread.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EpochSlot Enter()
    {
        EpochSlot slot = CurrentSlot();
        if (slot.Depth++ == 0)
            Interlocked.Exchange(ref slot.Epoch, Volatile.Read(ref _epoch));
        return slot;
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(EpochSlot slot)
    {
        if (--slot.Depth == 0)
        {
            Volatile.Write(ref slot.Epoch, 0);
            if (Volatile.Read(ref _deferredCount) != 0)
                RunDeferred();
        }
    }

    /// <summary>Whether what was retired in an epoch can no longer be seen by anybody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasPassed(long epoch) => epoch + 2 <= Volatile.Read(ref _epoch);

    /// <summary>Moves the epoch on if no thread inside holds it back.</summary>
    public bool TryAdvance()
    {
        long epoch = Volatile.Read(ref _epoch);
        foreach (EpochSlot? slot in Volatile.Read(ref _slots))
        {
            if (slot is null)
                continue;
            long entered = Volatile.Read(ref slot.Epoch);
            if (entered != 0 && entered != epoch)
                return false;
        }

        return Interlocked.CompareExchange(ref _epoch, epoch + 1, epoch) == epoch;
    }

    /// <summary>Destroys an object that nothing refers to any more, once no thread can be using it.</summary>
    public void Defer(EmulatedObject unreferenced)
    {
        Interlocked.MemoryBarrier();
        lock (_lock)
        {
            _deferred.Enqueue((Epoch, unreferenced));
            _deferredCount = _deferred.Count;
        }

        if (!IsInside)
            RunDeferred();
    }

    /// <summary>Destroys everything deferred, for the end of the kernel: nobody may be inside.</summary>
    public void DestroyAll()
    {
        while (true)
        {
            EmulatedObject next;
            lock (_lock)
            {
                if (!_deferred.TryDequeue(out (long Epoch, EmulatedObject Object) entry))
                {
                    _deferredCount = 0;
                    return;
                }

                next = entry.Object;
            }

            next.DestroyNow();
        }
    }

    private void RunDeferred()
    {
        TryAdvance();
        TryAdvance();
        while (true)
        {
            EmulatedObject next;
            lock (_lock)
            {
                if (!_deferred.TryPeek(out (long Epoch, EmulatedObject Object) entry) || !HasPassed(entry.Epoch))
                    return;
                _deferred.Dequeue();
                _deferredCount = _deferred.Count;
                next = entry.Object;
            }

            next.DestroyNow(); // may defer more
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EpochSlot CurrentSlot()
    {
        EpochSlot? slot = s_threadSlot;
        return slot is not null && slot.Gate == this ? slot : FindSlot();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EpochSlot FindSlot()
    {
        int number = CurrentThreadNumber;
        EpochSlot?[] slots = Volatile.Read(ref _slots);
        EpochSlot? slot = number < slots.Length ? Volatile.Read(ref slots[number]) : null;
        if (slot is null)
        {
            lock (_lock)
            {
                slots = _slots;
                if (number >= slots.Length)
                {
                    Array.Resize(ref slots, Math.Max(number + 1, slots.Length * 2));
                    Volatile.Write(ref _slots, slots);
                }

                slot = slots[number] ??= new EpochSlot(this);
            }

            // A scan that began before the slot was there must not miss the entry that follows.
            Interlocked.MemoryBarrier();
        }

        s_threadSlot = slot;
        return slot;
    }

    /// <summary>Numbers of threads, given out again when a thread is gone.</summary>
    private sealed class ThreadNumber
    {
        private static readonly Lock s_lock = new();
        private static readonly SortedSet<int> s_free = [];
        private static int s_next;

        public ThreadNumber()
        {
            lock (s_lock)
            {
                if (s_free.Count > 0)
                {
                    Value = s_free.Min;
                    s_free.Remove(Value);
                }
                else
                {
                    Value = s_next++;
                }
            }
        }

        ~ThreadNumber()
        {
            lock (s_lock)
                s_free.Add(Value);
        }

        public int Value { get; }
    }
}
