namespace LibbpfSharp.Formats.Binaries;

/// <summary>A loadable segment.</summary>
/// <param name="Address">Address of its first byte in the program's own numbering.</param>
/// <param name="FileOffset">Where it starts in the file, in bytes.</param>
/// <param name="FileSize">How much of it is in the file, in bytes.</param>
/// <param name="IsExecutable">Whether it holds code.</param>
public readonly record struct ElfBinarySegment(ulong Address, ulong FileOffset, ulong FileSize, bool IsExecutable);
