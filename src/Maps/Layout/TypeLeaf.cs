namespace LibbpfSharp.Maps;

/// <summary>A number or pointer in a type.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="IsFloat">Whether it is a floating-point number.</param>
/// <param name="Path">Its field, such as "Source.Port"; empty if the type itself is the number.</param>
internal readonly record struct TypeLeaf(int Offset, int Size, bool IsFloat, string Path);
