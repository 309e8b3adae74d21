namespace LibbpfSharp.Emulator;

/// <summary>A field of a map value that the kernel owns.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Offset in the value in bytes.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="TypeId">For pointers: the BTF type (of the map's BTF) that it points to; for heads of lists and trees the type of what is in them; else 0.</param>
internal readonly record struct MapField(MapFieldKind Kind, uint Offset, uint Size, uint TypeId)
{
    /// <summary>For heads of lists and trees: name of the structure that is in them; else null.</summary>
    public string? Contained { get; init; }

    /// <summary>For those: where in it the node is, in bytes.</summary>
    public uint NodeOffset { get; init; }

    /// <summary>Whether a list or tree takes structures of this name by a node at this offset.</summary>
    public bool Takes(string structure, uint nodeOffset) => Contained == structure && NodeOffset == nodeOffset;
}
