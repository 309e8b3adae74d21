namespace LibbpfSharp.Formats.Btf;

/// <summary>Kind of a BTF type (BTF_KIND_*, Documentation/bpf/btf.rst in the kernel).</summary>
public enum BtfKind
{
    /// <summary>Type id 0: void. Never present in the type section.</summary>
    Void = 0,

    /// <summary>Integer, char or bool.</summary>
    Int = 1,

    /// <summary>Pointer.</summary>
    Ptr = 2,

    /// <summary>Array of a fixed number of elements.</summary>
    Array = 3,

    /// <summary>Structure.</summary>
    Struct = 4,

    /// <summary>Union.</summary>
    Union = 5,

    /// <summary>Enumeration with values of at most 32 bits.</summary>
    Enum = 6,

    /// <summary>Forward declaration of a structure or union.</summary>
    Fwd = 7,

    /// <summary>Type alias.</summary>
    Typedef = 8,

    /// <summary>The volatile qualifier.</summary>
    Volatile = 9,

    /// <summary>The const qualifier.</summary>
    Const = 10,

    /// <summary>The restrict qualifier.</summary>
    Restrict = 11,

    /// <summary>Function (a subprogram, a kernel function or a kfunc).</summary>
    Func = 12,

    /// <summary>Function prototype.</summary>
    FuncProto = 13,

    /// <summary>Global or static variable.</summary>
    Var = 14,

    /// <summary>ELF section of variables.</summary>
    DataSec = 15,

    /// <summary>Floating point number (Linux 5.13).</summary>
    Float = 16,

    /// <summary>Tag on a declaration: btf_decl_tag (Linux 5.16).</summary>
    DeclTag = 17,

    /// <summary>Tag on a type: btf_type_tag (Linux 5.17).</summary>
    TypeTag = 18,

    /// <summary>Enumeration with 64-bit values (Linux 6.0).</summary>
    Enum64 = 19,
}
