namespace LibbpfSharp.Formats.Elf;

/// <summary>A relocation without addend (Elf64_Rel).</summary>
/// <param name="Offset">Where, in bytes from the start of the section to change.</param>
/// <param name="Type">Type: for BPF R_BPF_64_64 (1, a 64-bit immediate load), R_BPF_64_ABS64 (2, data), R_BPF_64_32 (10, a call).</param>
/// <param name="SymbolIndex">The symbol.</param>
public readonly record struct ElfRelocation(ulong Offset, uint Type, uint SymbolIndex);
