namespace LibbpfSharp.Formats.Elf;

/// <summary>Type of an ELF section (SHT_*, System V ABI).</summary>
public enum ElfSectionType : uint
{
    /// <summary>Unused.</summary>
    Null = 0,

    /// <summary>Content of the program.</summary>
    ProgBits = 1,

    /// <summary>Symbol table.</summary>
    SymbolTable = 2,

    /// <summary>Strings.</summary>
    StringTable = 3,

    /// <summary>Relocations with addends.</summary>
    RelocationsWithAddends = 4,

    /// <summary>Notes.</summary>
    Note = 7,

    /// <summary>Zeros that take no space in the file.</summary>
    NoBits = 8,

    /// <summary>Relocations whose addends lie in the section.</summary>
    Relocations = 9,

    /// <summary>Symbols for dynamic linking.</summary>
    DynamicSymbols = 11,

    /// <summary>LLVM's list of symbols whose address is taken.</summary>
    LlvmAddressSignificance = 0x6fff_4c03,
}
