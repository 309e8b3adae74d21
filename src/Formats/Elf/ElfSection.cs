namespace LibbpfSharp.Formats.Elf;

/// <summary>A section of an ELF file.</summary>
public sealed class ElfSection
{
    internal const ulong FlagWrite = 1;
    internal const ulong FlagAllocated = 2;
    internal const ulong FlagExecutable = 4;

    internal ElfSection(int index, uint nameOffset)
    {
        Index = index;
        NameOffset = nameOffset;
    }

    /// <summary>Index in the section table.</summary>
    public int Index { get; }

    /// <summary>Name; empty if the file has none for it.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>Type.</summary>
    public ElfSectionType Type { get; internal init; }

    /// <summary>Flags (SHF_*).</summary>
    public ulong Flags { get; internal init; }

    /// <summary>Address in memory; 0 in an object file.</summary>
    public ulong Address { get; internal init; }

    /// <summary>Offset of the content from the start of the file in bytes.</summary>
    public ulong FileOffset { get; internal init; }

    /// <summary>Size in bytes; for <see cref="ElfSectionType.NoBits"/> in memory, not in the file.</summary>
    public ulong Size { get; internal init; }

    /// <summary>Index of the section that this one refers to: the strings of symbols, the symbols of relocations.</summary>
    public uint Link { get; internal init; }

    /// <summary>More by type: for relocations the index of the section that they change.</summary>
    public uint Info { get; internal init; }

    /// <summary>Size in bytes of an entry of a table, else 0.</summary>
    public ulong EntrySize { get; internal init; }

    /// <summary>Content as in the file; empty for <see cref="ElfSectionType.NoBits"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; internal init; }

    /// <summary>True if it holds instructions (SHF_EXECINSTR).</summary>
    public bool IsExecutable => (Flags & FlagExecutable) != 0;

    /// <summary>True if it is writable in memory (SHF_WRITE).</summary>
    public bool IsWritable => (Flags & FlagWrite) != 0;

    internal uint NameOffset { get; }

    /// <summary>For people.</summary>
    /// <returns>Index and name.</returns>
    public override string ToString() => $"[{Index}] {Name}";
}
