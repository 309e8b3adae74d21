namespace LibbpfSharp.Formats.Objects;

/// <summary>How the value of a .kconfig extern is stored.</summary>
public enum BpfKconfigType
{
    /// <summary>The extern is not from .kconfig.</summary>
    None,

    /// <summary>char: 'y', 'n' or 'm', or a number.</summary>
    Char,

    /// <summary>bool: y or n.</summary>
    Bool,

    /// <summary>enum libbpf_tristate: 0 no, 1 yes, 2 module.</summary>
    Tristate,

    /// <summary>An integer of 2, 4 or 8 bytes.</summary>
    Integer,

    /// <summary>char[]: a string.</summary>
    CharArray,
}
