namespace LibbpfSharp.Formats.Elf;

/// <summary>Type of an ELF symbol (STT_*).</summary>
public enum ElfSymbolType : byte
{
    /// <summary>Not said; so for externs.</summary>
    None = 0,

    /// <summary>Variable.</summary>
    Object = 1,

    /// <summary>Function.</summary>
    Function = 2,

    /// <summary>A section.</summary>
    Section = 3,

    /// <summary>Source file.</summary>
    File = 4,

    /// <summary>Common block.</summary>
    Common = 5,

    /// <summary>Thread-local variable.</summary>
    ThreadLocal = 6,
}
