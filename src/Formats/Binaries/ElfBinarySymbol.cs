namespace LibbpfSharp.Formats.Binaries;

/// <summary>A function that a binary defines.</summary>
/// <param name="Name">The symbol without a version.</param>
/// <param name="Version">Its version, such as "GLIBC_2.2.5"; null if it has none.</param>
/// <param name="IsDefaultVersion">Whether a program linked today gets this version.</param>
/// <param name="IsGlobal">Whether it is global or weak, rather than local to a source file.</param>
/// <param name="Address">Its address in the program's own numbering.</param>
/// <param name="FileOffset">Where it starts in the file, in bytes.</param>
/// <param name="Size">Its length in bytes, 0 if unknown.</param>
public readonly record struct ElfBinarySymbol(string Name, string? Version, bool IsDefaultVersion, bool IsGlobal, ulong Address, ulong FileOffset, ulong Size)
{
    /// <summary>Whether a name as a user writes it means this symbol: "f", "f@V" or "f@@V" (the default version only).</summary>
    public bool Matches(string name)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return name == Name;
        bool wantsDefault = name.AsSpan(at).StartsWith("@@");
        return name.AsSpan(0, at).SequenceEqual(Name)
            && name.AsSpan(at + (wantsDefault ? 2 : 1)).SequenceEqual(Version)
            && (!wantsDefault || IsDefaultVersion);
    }
}
