namespace LibbpfSharp;

/// <summary>A feature and what the kernel answers.</summary>
/// <param name="Name">Name, such as "program type XDP".</param>
/// <param name="Support">The answer.</param>
/// <param name="Errno">The error behind an answer that is not "supported".</param>
public readonly record struct BpfFeature(string Name, BpfFeatureSupport Support, BpfErrno Errno);
