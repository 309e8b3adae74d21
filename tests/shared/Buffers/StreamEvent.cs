namespace LibbpfSharp.Tests;

/// <summary>struct event of tests/objects/streams.bpf.c.</summary>
/// <param name="Producer">Its number.</param>
/// <param name="Sequence">How many it tried to write before.</param>
public readonly record struct StreamEvent(ulong Producer, ulong Sequence);
