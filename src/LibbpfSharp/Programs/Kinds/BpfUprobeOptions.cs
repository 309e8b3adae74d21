namespace LibbpfSharp;

/// <summary>Where in a function and in which process a user probe fires.</summary>
public sealed record BpfUprobeOptions
{
    internal static readonly BpfUprobeOptions None = new();

    /// <summary>Offset in bytes added to the function's start.</summary>
    public ulong Offset { get; init; }

    /// <summary>On return instead of at the instruction.</summary>
    public bool OnReturn { get; init; }

    /// <summary>Only in this process; -1 for all.</summary>
    public int ProcessId { get; init; } = -1;

    /// <summary>What bpf_get_attach_cookie() gives in the program (5.15).</summary>
    public ulong Cookie { get; init; }

    /// <summary>Offset in the file, in bytes, of a counter that the kernel raises while the probe is attached (USDT semaphore); 0 for none.</summary>
    public ulong ReferenceCounterOffset { get; init; }
}
