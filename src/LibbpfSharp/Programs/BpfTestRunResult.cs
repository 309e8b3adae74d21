namespace LibbpfSharp;

/// <summary>What a test run gave.</summary>
/// <param name="ReturnValue">What the program returned.</param>
/// <param name="Duration">Mean time of one run.</param>
/// <param name="DataSize">Bytes of the packet after the run.</param>
/// <param name="ContextSize">Bytes of the context after the run.</param>
public readonly record struct BpfTestRunResult(uint ReturnValue, TimeSpan Duration, int DataSize, int ContextSize);
