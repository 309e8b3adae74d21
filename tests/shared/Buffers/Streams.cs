using System.Runtime.InteropServices;

namespace LibbpfSharp.Tests;

/// <summary>Runs the producers of tests/objects/streams.bpf.c.</summary>
internal static class Streams
{
    /// <summary>Has a producer write events.</summary>
    public static void Run(BpfProgram program, ulong producer, ulong count, int? cpu = null)
    {
        byte[] context = MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)[producer, count]).ToArray();
        program.TestRun(new BpfTestRunOptions { Context = context, Cpu = cpu });
    }
}
