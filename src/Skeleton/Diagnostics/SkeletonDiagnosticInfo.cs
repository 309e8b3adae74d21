namespace LibbpfSharp.Skeleton.Diagnostics;

/// <summary>An entry of the catalogue. docs/diagnostics.md has a section on each, headed by the id.</summary>
/// <param name="Id">For example BPF1001.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Help">What to do about it.</param>
/// <param name="IsError">Whether nothing is generated.</param>
public sealed record SkeletonDiagnosticInfo(string Id, string Title, string Help, bool IsError);
