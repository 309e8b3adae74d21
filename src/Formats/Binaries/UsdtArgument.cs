namespace LibbpfSharp.Formats.Binaries;

/// <summary>Where a USDT argument is when the probe fires.</summary>
/// <param name="Kind">Constant, register, or memory that registers point to.</param>
/// <param name="Size">Size of the value in bytes: 1, 2, 4 or 8.</param>
/// <param name="IsSigned">Whether the value is sign-extended.</param>
/// <param name="Value">The constant, or the displacement in bytes.</param>
/// <param name="RegisterOffset">Offset of the (base) register in struct pt_regs, in bytes.</param>
/// <param name="IndexRegisterOffset">Offset of the index register in struct pt_regs, in bytes.</param>
/// <param name="ScaleShift">The index register is shifted left by this many bits.</param>
public readonly record struct UsdtArgument(
    UsdtArgumentKind Kind,
    int Size,
    bool IsSigned,
    long Value,
    int RegisterOffset = 0,
    int IndexRegisterOffset = 0,
    int ScaleShift = 0);
