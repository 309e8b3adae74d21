namespace LibbpfSharp.Emulator;

/// <summary>A field of a map value that the kernel owns.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Offset in the value in bytes.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="TypeId">For pointers: the BTF type (of the map's BTF) that it points to; else 0.</param>
internal readonly record struct MapField(MapFieldKind Kind, uint Offset, uint Size, uint TypeId);
