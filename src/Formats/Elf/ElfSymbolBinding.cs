namespace LibbpfSharp.Formats.Elf;

/// <summary>Binding of an ELF symbol (STB_*).</summary>
public enum ElfSymbolBinding : byte
{
    /// <summary>Visible in its file only.</summary>
    Local = 0,

    /// <summary>Visible everywhere.</summary>
    Global = 1,

    /// <summary>Visible everywhere; another definition goes first, and a missing one is no error.</summary>
    Weak = 2,
}
