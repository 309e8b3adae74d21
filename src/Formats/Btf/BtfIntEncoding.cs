namespace LibbpfSharp.Formats.Btf;

/// <summary>How the bits of a <see cref="BtfKind.Int"/> are to be read (BTF_INT_*).</summary>
[Flags]
public enum BtfIntEncoding
{
    /// <summary>Unsigned.</summary>
    None = 0,

    /// <summary>Signed.</summary>
    Signed = 1,

    /// <summary>A character.</summary>
    Char = 2,

    /// <summary>A boolean.</summary>
    Bool = 4,
}
