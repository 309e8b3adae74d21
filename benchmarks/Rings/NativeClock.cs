using System.Runtime.InteropServices;

namespace LibbpfSharp.Benchmarks.Rings;

/// <summary>Clocks and CPU affinity of Linux, as the C side uses them.</summary>
internal static unsafe partial class NativeClock
{
    private const int Monotonic = 1, ThreadTime = 3;

    /// <summary>CLOCK_MONOTONIC, which bpf_ktime_get_ns() reads too.</summary>
    public static long Now => Read(Monotonic);

    /// <summary>CPU time of the calling thread.</summary>
    public static long Thread => Read(ThreadTime);

    /// <summary>Has the calling thread run on one CPU.</summary>
    public static void Pin(int cpu)
    {
        ulong* mask = stackalloc ulong[16];
        mask[cpu / 64] = 1UL << (cpu % 64);
        _ = SetAffinity(0, 16 * sizeof(ulong), mask);
    }

    private static long Read(int clock)
    {
        long* time = stackalloc long[2];
        _ = GetTime(clock, time);
        return time[0] * 1_000_000_000 + time[1];
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
