using System.Runtime.CompilerServices;

namespace LibbpfSharp.Interop;

/// <summary>
/// Where a thread says which handle its present call uses. Written by its thread alone and without a fence, which makes
/// it cheaper than a counter that all threads share: two atomic operations are a twentieth of a map lookup, and
/// the counter's cache line would wander between the CPUs. The one who closes a handle pays instead, by a barrier on
/// all threads (membarrier(2)), and then looks into every slot.
/// </summary>
internal sealed class CallSlot
{
    private static readonly Lock s_lock = new();
    private static readonly List<WeakReference<CallSlot>> s_all = [];

    [ThreadStatic]
    private static CallSlot? s_mine;

    private CallSlot()
    {
    }

    /// <summary>The handle in use; null between calls.</summary>
    public KernelHandle? Handle;

    /// <summary>The calling thread's slot.</summary>
    public static CallSlot Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_mine ?? Register();
    }

    /// <summary>Whether any thread's present call uses a handle. The caller has refused new calls and passed the barrier.</summary>
    public static bool IsInUse(KernelHandle handle)
    {
        lock (s_lock)
        {
            for (int i = s_all.Count - 1; i >= 0; i--)
            {
                if (!s_all[i].TryGetTarget(out CallSlot? slot))
                    s_all.RemoveAt(i); // its thread has ended
                else if (ReferenceEquals(Volatile.Read(ref slot.Handle), handle))
                    return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CallSlot Register()
    {
        var slot = new CallSlot();
        lock (s_lock)
            s_all.Add(new WeakReference<CallSlot>(slot));
        return s_mine = slot;
    }
}
