namespace LibbpfSharp.Formats.Objects;

/// <summary>A reference from an instruction to something that the loader has to put in.</summary>
/// <param name="InstructionIndex">Index of the instruction (the first slot of a 64-bit immediate load), from the start of the function or linked program.</param>
/// <param name="Kind">What is referred to.</param>
public sealed record BpfRelocation(int InstructionIndex, BpfRelocationKind Kind)
{
    /// <summary>The map, for <see cref="BpfRelocationKind.Map"/>, <see cref="BpfRelocationKind.MapValue"/> and <see cref="BpfRelocationKind.Kconfig"/>.</summary>
    public BpfMapSpec? Map { get; init; }

    /// <summary>Offset in the map's value in bytes (in an arena: from the start of its variables); the offset in the instruction is included.</summary>
    public int Offset { get; init; }

    /// <summary>The extern, for <see cref="BpfRelocationKind.Kconfig"/>, <see cref="BpfRelocationKind.KernelSymbol"/> and <see cref="BpfRelocationKind.Kfunc"/>.</summary>
    public BpfExternSpec? Extern { get; init; }

    /// <summary>The function, for <see cref="BpfRelocationKind.Call"/> and <see cref="BpfRelocationKind.FunctionAddress"/>.</summary>
    public BpfFunctionSpec? Function { get; init; }

    /// <summary>Name of what is referred to.</summary>
    public string TargetName => Extern?.Name ?? Function?.Name ?? Map?.Name ?? string.Empty;
}
