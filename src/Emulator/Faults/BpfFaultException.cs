namespace LibbpfSharp.Emulator;

/// <summary>
/// How a fault leaves nested engine and helper calls: caught where the run was started, never seen outside the emulator.
/// </summary>
internal sealed class BpfFaultException : Exception
{
    public BpfFaultException(BpfFaultKind kind, string message)
        : base(message) => Kind = kind;

    public BpfFaultKind Kind { get; }

    public ulong Address { get; init; }

    public int AccessSize { get; init; }

    public bool IsWrite { get; init; }

    public BpfProgramFault? Fault { get; set; }
}
