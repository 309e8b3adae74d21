namespace LibbpfSharp.Skeleton.Tasks.Diagnostics;

/// <summary>The catalogue of what the build says about BPF items; docs/diagnostics.md explains each.</summary>
public static class BuildDiagnostics
{
    /// <summary>clang reports an error in the source.</summary>
    public const string ClangError = "BPFC0001";

    /// <summary>clang reports a warning in the source.</summary>
    public const string ClangWarning = "BPFC0002";

    /// <summary>There is no clang with a BPF target.</summary>
    public const string NoClang = "BPF2001";

    /// <summary>A header of libbpf or of the kernel is not installed.</summary>
    public const string HeadersMissing = "BPF2002";

    /// <summary>clang failed and did not say why.</summary>
    public const string ClangFailed = "BPF2003";

    /// <summary>A file that an item names does not exist.</summary>
    public const string FileMissing = "BPF2004";

    /// <summary>Two items would write the same files.</summary>
    public const string SameName = "BPF2005";

    /// <summary>Several sources are to be linked, and no linker was found.</summary>
    public const string NoLinker = "BPF2006";

    /// <summary>The linker failed.</summary>
    public const string LinkFailed = "BPF2007";

    /// <summary>A metadata has a value that means nothing.</summary>
    public const string BadMetadata = "BPF2008";

    /// <summary>The class has the name of the namespace it is in, which hides it.</summary>
    public const string ClassHidden = "BPF2009";

    /// <summary>The project does not reference LibbpfSharp, which the generated code needs.</summary>
    public const string NoReference = "BPF2010";

    /// <summary>The object file is malformed.</summary>
    public const string BadObject = "BPF2011";
}
