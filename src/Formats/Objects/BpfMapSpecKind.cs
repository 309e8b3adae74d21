namespace LibbpfSharp.Formats.Objects;

/// <summary>Where a map of an object file comes from.</summary>
public enum BpfMapSpecKind
{
    /// <summary>Defined by the programmer in .maps.</summary>
    User,

    /// <summary>Writable global variables (.data, .data.*).</summary>
    Data,

    /// <summary>Constants (.rodata, .rodata.*).</summary>
    ReadOnlyData,

    /// <summary>Writable global variables that begin as zero (.bss, .bss.*).</summary>
    Bss,

    /// <summary>Values of the kernel's configuration (.kconfig); filled by the loader.</summary>
    Kconfig,

    /// <summary>A struct of callbacks for the kernel (.struct_ops, .struct_ops.link).</summary>
    StructOps,
}
