using LibbpfSharp.Skeleton.Diagnostics;

namespace LibbpfSharp.Skeleton;

/// <summary>A generated skeleton.</summary>
/// <param name="Code">The C# source file.</param>
/// <param name="ClassName">Name of the class in it.</param>
/// <param name="Diagnostics">Warnings.</param>
public sealed record SkeletonResult(string Code, string ClassName, IReadOnlyList<SkeletonDiagnostic> Diagnostics);
