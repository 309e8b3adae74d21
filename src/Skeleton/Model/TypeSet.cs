using LibbpfSharp.Skeleton.Diagnostics;

namespace LibbpfSharp.Skeleton.Model;

/// <summary>All types to generate for an object.</summary>
/// <param name="Types">The types, in the order of their discovery.</param>
/// <param name="NamesById">Name in C# of each type of the BTF that is generated.</param>
/// <param name="Diagnostics">What could not be done.</param>
public sealed record TypeSet(IReadOnlyList<TypeModel> Types, IReadOnlyDictionary<uint, string> NamesById, IReadOnlyList<SkeletonDiagnostic> Diagnostics);
