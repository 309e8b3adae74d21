using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>A spin lock in a word of memory, for stretches of a few dozen instructions that call nothing.</summary>
internal static class SpinWord
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Acquire(ref int word)
    {
        if (Interlocked.CompareExchange(ref word, 1, 0) != 0)
            AcquireSlow(ref word);
    }

    /// <summary>The same for a word that a program may have overwritten: gives up after 10 seconds, which no holder lets pass.</summary>
    /// <returns>False if the lock did not become free.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAcquire(ref int word) => Interlocked.CompareExchange(ref word, 1, 0) == 0 || TryAcquireSlow(ref word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(ref int word) => Volatile.Write(ref word, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AcquireSlow(ref int word)
    {
        var spin = new SpinWait();
        do
        {
            // Without the sleep of a millisecond: the holder is preempted at worst, and yielding lets it go on.
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(ref word) != 0 || Interlocked.CompareExchange(ref word, 1, 0) != 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryAcquireSlow(ref int word)
    {
        const int Patience = 10_000;
        long start = Environment.TickCount64;
        var spin = new SpinWait();
        do
        {
            if (Environment.TickCount64 - start > Patience)
                return false;
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(ref word) != 0 || Interlocked.CompareExchange(ref word, 1, 0) != 0);
        return true;
    }
}
