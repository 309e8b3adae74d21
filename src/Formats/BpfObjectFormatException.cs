namespace LibbpfSharp.Formats;

/// <summary>
/// An object file, or a part of one (ELF, BTF, BTF.ext), is malformed. <see cref="Exception.Message"/> names the
/// section, the byte offset within it and what is wrong there.
/// </summary>
public sealed class BpfObjectFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="section">Name of the section (".BTF", ".maps"), or of the structure ("ELF header") for what lies outside any section.</param>
    /// <param name="offset">Offset in bytes from the start of the section where the malformed data is.</param>
    /// <param name="problem">What is wrong, and what was expected.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public BpfObjectFormatException(string section, long offset, string problem, Exception? innerException = null)
        : base($"{Name(section)}, offset 0x{offset:x}: {problem}", innerException)
    {
        Section = Name(section);
        Offset = offset;
    }

    /// <summary>Name of the section that holds the malformed data.</summary>
    public string Section { get; }

    /// <summary>Offset in bytes from the start of <see cref="Section"/>.</summary>
    public long Offset { get; }

    private static string Name(string section) => section.Length == 0 ? "(section without a name)" : section;
}
