namespace LibbpfSharp.Skeletons;

/// <summary>A global variable that a generated class knows.</summary>
/// <param name="Name">Name in C.</param>
/// <param name="Size">Size in bytes.</param>
public readonly record struct BpfSkeletonVariable(string Name, int Size);
