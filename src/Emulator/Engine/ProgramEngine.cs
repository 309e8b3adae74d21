namespace LibbpfSharp.Emulator;

/// <summary>
/// Steps a program. Everything else (memory, helpers, maps, faults) is shared, so engines give the same results and can call
/// each other: a tail call or callback may lead to a program that another engine runs.
/// </summary>
internal abstract unsafe class ProgramEngine
{
    /// <summary>Calls a function of a program in a new frame; function 0 is the main one. The run owns frames, memory and budget.</summary>
    /// <returns>r0.</returns>
    public abstract ulong Call(RunContext run, EmulatedProgram program, int function, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5);
}
