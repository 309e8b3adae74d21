namespace LibbpfSharp.Formats.Objects;

/// <summary>What an instruction refers to that is not yet in it.</summary>
public enum BpfRelocationKind
{
    /// <summary>A 64-bit immediate load of a map.</summary>
    Map,

    /// <summary>A 64-bit immediate load of an address in a data section's value, or among an arena's variables.</summary>
    MapValue,

    /// <summary>A 64-bit immediate load of the address of a .kconfig value.</summary>
    Kconfig,

    /// <summary>A 64-bit immediate load of the address of a kernel symbol (typed or not).</summary>
    KernelSymbol,

    /// <summary>A call of a kernel function.</summary>
    Kfunc,

    /// <summary>A call of a subprogram; resolved by linking.</summary>
    Call,

    /// <summary>A 64-bit immediate load of the address of a subprogram; resolved by linking.</summary>
    FunctionAddress,
}
