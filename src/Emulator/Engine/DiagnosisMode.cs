namespace LibbpfSharp.Emulator;

/// <summary>Traces, measures coverage and looks for reads of what was never written.</summary>
internal readonly unsafe struct DiagnosisMode : IStepMode
{
    public static bool IsStepping => true;

    public static void Step(RunContext run, Op* op, ulong* registers) => run.Diagnosis!.Step(run, op, registers);
}
