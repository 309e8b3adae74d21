namespace LibbpfSharp.Emulator;

/// <summary>What became of one run of one program.</summary>
public sealed class EmulatedRun
{
    /// <summary>Name of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Id of the program.</summary>
    public required uint ProgramId { get; init; }

    /// <summary>r0 at its end, in all 64 bits; most program types use the lower 32. 0 after a fault.</summary>
    public required ulong Result { get; init; }

    /// <summary>What the probed function returns instead of being run (bpf_override_return); null if the program did not say.</summary>
    public ulong? OverriddenReturn { get; init; }

    /// <summary>What it did wrong; null if it ended well.</summary>
    public BpfProgramFault? Fault { get; init; }

    /// <summary>The packet after the run, for programs over packets; else empty.</summary>
    public ReadOnlyMemory<byte> Packet { get; init; }

    /// <summary>The context after the run, where the program may write it; else as it was given.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }
}
