namespace LibbpfSharp.Interop;

/// <summary>A BPF filter of tc.</summary>
/// <param name="Handle">Its handle; 0 lets the kernel choose.</param>
/// <param name="Priority">Its priority, 1..65535, lower runs first; 0 lets the kernel choose.</param>
/// <param name="ProgramId">Id of its program; filled in by the kernel.</param>
public readonly record struct TcFilter(uint Handle, uint Priority, uint ProgramId);
