namespace LibbpfSharp.Formats.Objects;

/// <summary>A global or static variable of an object file, or a .kconfig extern.</summary>
public sealed class BpfVariableSpec
{
    /// <summary>Name; of a static variable in a function <c>function.variable</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its section.</summary>
    public required string SectionName { get; init; }

    /// <summary>The map whose value holds it.</summary>
    public required BpfMapSpec Map { get; init; }

    /// <summary>Offset in the map's value in bytes (in an arena: in the arena's variables).</summary>
    public uint Offset { get; init; }

    /// <summary>Size in bytes.</summary>
    public uint Size { get; init; }

    /// <summary>BTF id of its type; 0 if unknown.</summary>
    public uint TypeId { get; init; }

    /// <summary>BTF id of the variable; 0 if the object has no BTF for it.</summary>
    public uint VariableId { get; init; }

    /// <summary>True if it is visible in its source file only.</summary>
    public bool IsStatic { get; init; }

    /// <summary>True if it is a weak symbol.</summary>
    public bool IsWeak { get; init; }

    /// <summary>True if its symbol is hidden or internal.</summary>
    public bool IsHidden { get; init; }

    /// <summary>For people.</summary>
    /// <returns>Section, offset and name.</returns>
    public override string ToString() => $"{SectionName}+{Offset} {Name}";
}
