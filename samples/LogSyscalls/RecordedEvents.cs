using LibbpfSharp.Emulator;

namespace LibbpfSharp.Samples;

/// <summary>System calls of "cat" of a file as Linux reported them, for a kernel that has no processes of its own.</summary>
internal static class RecordedEvents
{
    // strace -c would say: execve is counted before the name changes; then the loader's and cat's own calls (x86-64 numbers).
    private static readonly (string Comm, ulong SystemCall)[] s_events =
    [
        ("cat", 12), ("cat", 9), ("cat", 21), ("cat", 257), ("cat", 262), ("cat", 9), ("cat", 3),
        ("cat", 257), ("cat", 0), ("cat", 262), ("cat", 9), ("cat", 9), ("cat", 9), ("cat", 9), ("cat", 9), ("cat", 3),
        ("bash", 61), ("bash", 13),
        ("cat", 158), ("cat", 218), ("cat", 273), ("cat", 334), ("cat", 10), ("cat", 10), ("cat", 10), ("cat", 302), ("cat", 11),
        ("cat", 318), ("cat", 12), ("cat", 12), ("cat", 257), ("cat", 262), ("cat", 9), ("cat", 3),
        ("cat", 262), ("cat", 257), ("cat", 262), ("cat", 221), ("cat", 9), ("cat", 0), ("cat", 1), ("cat", 0), ("cat", 11), ("cat", 3), ("cat", 3), ("cat", 3),
        ("cat", 231),
    ];

    /// <summary>Raises them: whatever is attached to the tracepoint runs.</summary>
    public static void Replay(EmulatedKernel kernel)
    {
        foreach ((string comm, ulong systemCall) in s_events)
        {
            kernel.CurrentTask = new EmulatedTask { Comm = comm };
            kernel.RaiseRawTracepoint("sys_enter", 0, systemCall);
        }
    }
}
