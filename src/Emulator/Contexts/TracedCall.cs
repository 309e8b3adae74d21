namespace LibbpfSharp.Emulator;

/// <summary>The call of a function that a program observes, as <see cref="RunContext.HookState"/>.</summary>
/// <param name="Address">Address of the function, for bpf_get_func_ip.</param>
/// <param name="ArgumentCount">Number of arguments; the context holds them, 8 bytes each, and the result behind them.</param>
internal sealed record TracedCall(ulong Address, int ArgumentCount);
