namespace LibbpfSharp.Emulator;

/// <summary>
/// What an engine does besides running; a struct parameter, so that each mode is a loop of its own and the plain one pays
/// for nothing.
/// </summary>
internal unsafe interface IStepMode
{
    /// <summary>True if <see cref="Step"/> is called before each op.</summary>
    static abstract bool IsStepping { get; }

    /// <summary>An op is about to run.</summary>
    static abstract void Step(RunContext run, Op* op, ulong* registers);
}
