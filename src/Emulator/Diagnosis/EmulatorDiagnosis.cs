namespace LibbpfSharp.Emulator;

/// <summary>
/// What an <see cref="EmulatedKernel"/> watches while programs run, beyond the safety that is always on. All of it costs speed:
/// programs run one instruction at a time while a diagnosis is set.
/// </summary>
public sealed class EmulatorDiagnosis
{
    private readonly Lock _lock = new();
    private readonly List<BpfProgramFault> _warnings = [];

    /// <summary>
    /// Reads of stack bytes and registers that were never written are faults. Linux lets root read stale stack, so by default
    /// such a read gives zero and is noted in <see cref="Warnings"/>. So are accesses to a map value after the program deleted its
    /// element, which Linux keeps readable until the program ends.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>Called before each instruction; null for none. It runs on the thread of the program.</summary>
    public EmulatedStepHandler? Trace { get; init; }

    /// <summary>Counts how often each C line runs; null for no counting.</summary>
    public EmulatedCoverage? Coverage { get; init; }

    /// <summary>Instructions and calls that a fault's history tells of, at most.</summary>
    public int HistoryLength { get; init; } = 16;

    /// <summary>What was noticed and is no fault, each place once.</summary>
    public IReadOnlyList<BpfProgramFault> Warnings
    {
        get
        {
            lock (_lock)
                return [.. _warnings];
        }
    }

    internal void Warn(BpfProgramFault warning)
    {
        lock (_lock)
        {
            if (!_warnings.Exists(w => w.ProgramId == warning.ProgramId && w.InstructionIndex == warning.InstructionIndex && w.Kind == warning.Kind))
                _warnings.Add(warning);
        }
    }
}
