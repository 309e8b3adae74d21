namespace LibbpfSharp.Formats.Objects;

/// <summary>Where a function lies in a linked program.</summary>
/// <param name="Function">The function.</param>
/// <param name="Start">Index of its first slot.</param>
public sealed record BpfSubprogram(BpfFunctionSpec Function, int Start);
