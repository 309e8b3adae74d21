namespace LibbpfSharp.Formats.Btf;

/// <summary>Linkage of a <see cref="BtfKind.Func"/> or <see cref="BtfKind.Var"/> (BTF_FUNC_*, BTF_VAR_*).</summary>
public enum BtfLinkage
{
    /// <summary>Visible in its own file only.</summary>
    Static = 0,

    /// <summary>Global; a global variable is said to be allocated.</summary>
    Global = 1,

    /// <summary>Declared here, defined elsewhere.</summary>
    Extern = 2,
}
