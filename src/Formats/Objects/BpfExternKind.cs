namespace LibbpfSharp.Formats.Objects;

/// <summary>What an extern of an object file is.</summary>
public enum BpfExternKind
{
    /// <summary>A value of the kernel's configuration, or LINUX_KERNEL_VERSION and its like (.kconfig).</summary>
    Kconfig,

    /// <summary>A kernel variable whose type the program knows, found in the kernel's BTF (.ksyms).</summary>
    TypedKernelVariable,

    /// <summary>The address of any kernel symbol, found in /proc/kallsyms (.ksyms, declared void).</summary>
    KernelSymbol,

    /// <summary>A kernel function (.ksyms).</summary>
    Kfunc,
}
