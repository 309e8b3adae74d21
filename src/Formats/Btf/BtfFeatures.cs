namespace LibbpfSharp.Formats.Btf;

/// <summary>What a kernel's BTF loader understands beyond the first kinds; the input of <see cref="BtfSanitizer"/>.</summary>
public sealed record BtfFeatures
{
    /// <summary>A kernel that understands all.</summary>
    public static BtfFeatures All { get; } = new();

    /// <summary>FUNC and FUNC_PROTO (Linux 5.0).</summary>
    public bool Func { get; init; } = true;

    /// <summary>VAR and DATASEC (Linux 5.2).</summary>
    public bool DataSec { get; init; } = true;

    /// <summary>FUNC with global linkage (Linux 5.6).</summary>
    public bool FuncGlobal { get; init; } = true;

    /// <summary>FLOAT (Linux 5.13).</summary>
    public bool Float { get; init; } = true;

    /// <summary>DECL_TAG (Linux 5.16).</summary>
    public bool DeclTag { get; init; } = true;

    /// <summary>TYPE_TAG (Linux 5.17).</summary>
    public bool TypeTag { get; init; } = true;

    /// <summary>ENUM64 and signed enumerations (Linux 6.0).</summary>
    public bool Enum64 { get; init; } = true;

    /// <summary>Section names that begin with '?' (optional struct_ops; Linux 6.9).</summary>
    public bool QuestionMarkDataSec { get; init; } = true;
}
