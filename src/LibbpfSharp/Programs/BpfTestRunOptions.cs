namespace LibbpfSharp;

/// <summary>Input of a test run (BPF_PROG_TEST_RUN).</summary>
public sealed class BpfTestRunOptions
{
    /// <summary>The packet, for the kinds that take one (at least 14 bytes on Linux); empty for none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Where the packet after the run goes; empty if it is not wanted. Too short is ENOSPC, with the size needed.</summary>
    public Memory<byte> DataOut { get; init; }

    /// <summary>The context, for the kinds that take one; empty for none.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }

    /// <summary>Where the context after the run goes; empty if it is not wanted.</summary>
    public Memory<byte> ContextOut { get; init; }

    /// <summary>How often to run; 0 lets the kernel decide (once). Kinds that run once only refuse any other number.</summary>
    public int Repeat { get; init; }

    /// <summary>The CPU to run on, for raw tracepoint programs; null for the caller's.</summary>
    public int? Cpu { get; init; }

    /// <summary>Further BPF_F_TEST_* flags.</summary>
    public uint Flags { get; init; }

    /// <summary>With BPF_F_TEST_XDP_LIVE_FRAMES: packets per batch; 0 for the kernel's default.</summary>
    public int BatchSize { get; init; }
}
