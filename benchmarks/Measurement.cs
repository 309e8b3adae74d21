using System.Diagnostics;

namespace LibbpfSharp.Benchmarks;

/// <summary>The times of one operation.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Median">Median in milliseconds.</param>
/// <param name="Smallest">Smallest in milliseconds: the figure that other load on the machine disturbs least.</param>
/// <param name="Allocated">Managed memory in bytes that one operation allocates.</param>
/// <param name="Demand">What the project demands, in words; null if nothing.</param>
/// <param name="IsMet">Whether it is met.</param>
internal sealed record Measurement(string What, double Median, double Smallest, long Allocated, string? Demand = null, bool IsMet = true)
{
    /// <summary>Runs the operation a few times unmeasured, then measures it.</summary>
    public static Measurement Of(string what, int runs, Action operation)
    {
        for (int i = 0; i < Math.Max(3, runs / 10); i++)
            operation();
        long before = GC.GetAllocatedBytesForCurrentThread();
        operation();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double[] times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            operation();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return new(what, times[runs / 2], times[0], allocated);
    }

    /// <summary>Adds limits.</summary>
    public Measurement Within(double milliseconds, long bytes) => this with
    {
        Demand = $"{milliseconds} ms, {bytes / 1024} KiB:",
        IsMet = Median <= milliseconds && Allocated <= bytes,
    };
}
