namespace LibbpfSharp.Formats.Objects;

/// <summary>Something that an object file expects of the kernel: a configuration value, a kernel symbol, a kfunc.</summary>
public sealed class BpfExternSpec
{
    /// <summary>Name as written.</summary>
    public required string Name { get; init; }

    /// <summary>Name without a flavour (<c>___suffix</c>): what is looked up in the kernel.</summary>
    public required string EssentialName { get; init; }

    /// <summary>What it is.</summary>
    public BpfExternKind Kind { get; init; }

    /// <summary>True if it may be missing: a variable's address and a kfunc are then 0, a configuration value is zeros.</summary>
    public bool IsWeak { get; init; }

    /// <summary>BTF id of the variable or function in the object.</summary>
    public uint BtfId { get; init; }

    /// <summary>BTF id of the type in the object, qualifiers and typedefs skipped: of a kfunc its prototype; 0 for void.</summary>
    public uint TypeId { get; init; }

    /// <summary>For .kconfig how the value is stored.</summary>
    public BpfKconfigType KconfigType { get; init; }

    /// <summary>For .kconfig integers true if signed.</summary>
    public bool IsSigned { get; init; }

    /// <summary>For .kconfig size of the value in bytes.</summary>
    public uint Size { get; init; }

    /// <summary>For .kconfig offset of the value in the map, in bytes.</summary>
    public uint Offset { get; internal set; }

    internal uint Alignment { get; init; }

    internal int SymbolIndex { get; init; }

    /// <summary>For people.</summary>
    /// <returns>Name and kind.</returns>
    public override string ToString() => $"{Name} ({Kind})";
}
