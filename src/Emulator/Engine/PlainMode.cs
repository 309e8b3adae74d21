namespace LibbpfSharp.Emulator;

/// <summary>Runs, safely, and no more.</summary>
internal readonly unsafe struct PlainMode : IStepMode
{
    public static bool IsStepping => false;

    public static void Step(RunContext run, Op* op, ulong* registers)
    {
    }
}
