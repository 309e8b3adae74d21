using System.Diagnostics;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>How readers of all kinds of buffers wait: in slices, and woken without minding who was disposed of first.</summary>
internal static class BufferWait
{
    /// <summary>Milliseconds after which records written without a wake-up (BPF_RB_NO_WAKEUP) are looked for, so that none strands.</summary>
    public const int LongestSleep = 100;

    /// <summary>Milliseconds to wait now; 0 when the time is over.</summary>
    /// <param name="timeout">The longest wait in all; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="start">When it began (<see cref="Stopwatch.GetTimestamp"/>).</param>
    public static int NextSleep(TimeSpan timeout, long start)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return LongestSleep;
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
        return left <= TimeSpan.Zero ? 0 : (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), LongestSleep);
    }

    /// <summary>Wakes whoever waits; nobody does once the waiter was disposed of.</summary>
    public static void Wake(IKernelWaiter waiter)
    {
        try
        {
            waiter.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The buffer went first.
        }
    }
}
