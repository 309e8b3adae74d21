namespace LibbpfSharp.Emulator;

/// <summary>What is watched during a run when it was asked for.</summary>
internal sealed unsafe class RunDiagnosis
{
    /// <summary>What happened lately, for faults.</summary>
    public IReadOnlyList<string> History { get; } = [];

    public void Step(RunContext run, Op* op, ulong* registers)
    {
        _ = run;
        _ = op;
        _ = registers;
    }
}
