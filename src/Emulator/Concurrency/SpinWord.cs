using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>A spin lock in a word of memory, for stretches of a few dozen instructions that call nothing.</summary>
internal static class SpinWord
{
    private const int Patience = 10_000; // milliseconds

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Acquire(ref int word)
    {
        if (Interlocked.CompareExchange(ref word, 1, 0) != 0)
            Wait(ref word, Timeout.Infinite);
    }

    /// <summary>The same for a word that a program may have overwritten: gives up after 10 seconds, which no holder lets pass.</summary>
    /// <returns>False if the lock did not become free.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAcquire(ref int word) => Interlocked.CompareExchange(ref word, 1, 0) == 0 || Wait(ref word, Patience);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(ref int word) => Volatile.Write(ref word, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Wait(ref int word, int patience)
    {
        long start = Environment.TickCount64;
        var spin = new SpinWait();
        do
        {
            if (patience != Timeout.Infinite && Environment.TickCount64 - start > patience)
                return false;

            // Without the sleep of a millisecond: the holder is preempted at worst, and yielding lets it go on.
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(ref word) != 0 || Interlocked.CompareExchange(ref word, 1, 0) != 0);
        return true;
    }
}
