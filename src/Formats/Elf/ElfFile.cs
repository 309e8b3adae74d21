using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Formats.Elf;

/// <summary>
/// A 64-bit little-endian ELF file: BPF objects, and executables and libraries whose functions are traced. A view over the
/// bytes, in which every offset and size was checked.
/// </summary>
public sealed class ElfFile
{
    /// <summary>Machine of BPF objects (EM_BPF).</summary>
    public const ushort MachineBpf = 247;

    internal const int MaxNameLength = 4096;

    private const string HeaderName = "ELF header";
    private const string SectionTableName = "ELF section table";
    private const string SegmentTableName = "ELF program headers";
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SegmentHeaderSize = 56;
    private const int RelocationSize = 16;
    private const ushort ExtendedIndex = 0xffff;

    private readonly ReadOnlyMemory<byte> _bytes;

    private ElfFile(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        ReadOnlySpan<byte> header = CheckHeader(bytes.Span);
        Type = BinaryPrimitives.ReadUInt16LittleEndian(header[16..]);
        Machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        Sections = ReadSections(header);
        Segments = ReadSegments(header);
    }

    /// <summary>The machine that the file is for (EM_*); <see cref="MachineBpf"/> for BPF.</summary>
    public ushort Machine { get; }

    /// <summary>Type of the file (ET_*): 1 relocatable, 2 executable, 3 shared or position-independent.</summary>
    public ushort Type { get; }

    /// <summary>The sections, the unused first one included, by index.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>The segments; none in an object file.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>The file's bytes, as given.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads an ELF file.</summary>
    /// <param name="bytes">The file. Kept, not copied.</param>
    /// <returns>The file.</returns>
    /// <exception cref="BpfObjectFormatException">It is not a 64-bit little-endian ELF file, or malformed.</exception>
    public static ElfFile Parse(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Whether bytes begin as an ELF file does.</summary>
    /// <param name="bytes">The first bytes of a file.</param>
    /// <returns>True if they have ELF's magic number.</returns>
    public static bool IsElf(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\x7f"u8) && bytes[1..].StartsWith("ELF"u8);

    /// <summary>Finds a section by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The first section of that name, or null.</returns>
    public ElfSection? FindSection(string name)
    {
        foreach (ElfSection section in Sections)
        {
            if (section.Index != 0 && section.Name == name)
                return section;
        }

        return null;
    }

    /// <summary>The symbols of a section.</summary>
    /// <param name="section">A section of type <see cref="ElfSectionType.SymbolTable"/> or <see cref="ElfSectionType.DynamicSymbols"/>.</param>
    /// <returns>The symbols.</returns>
    /// <exception cref="ArgumentException">The section has no symbols.</exception>
    /// <exception cref="BpfObjectFormatException">The table is malformed.</exception>
    public ElfSymbolTable GetSymbols(ElfSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        if (section.Type is not (ElfSectionType.SymbolTable or ElfSectionType.DynamicSymbols))
            throw new ArgumentException($"Section {section} is of type {section.Type}, not a symbol table.", nameof(section));
        if (section.Link == 0 || section.Link >= (uint)Sections.Count || Sections[(int)section.Link].Type != ElfSectionType.StringTable)
            throw HeaderError(section, 40, $"section {section} has its names in section {section.Link}, which is no string table.");
        return new(section, Sections[(int)section.Link]);
    }

    /// <summary>The relocations of a section.</summary>
    /// <param name="section">A section of type <see cref="ElfSectionType.Relocations"/>.</param>
    /// <returns>The relocations.</returns>
    /// <exception cref="ArgumentException">The section has no relocations.</exception>
    /// <exception cref="BpfObjectFormatException">The table is malformed.</exception>
    public IReadOnlyList<ElfRelocation> GetRelocations(ElfSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        if (section.Type != ElfSectionType.Relocations)
            throw new ArgumentException($"Section {section} is of type {section.Type}, not relocations without addends.", nameof(section));
        if (section.EntrySize != RelocationSize || section.Data.Length % RelocationSize != 0)
            throw HeaderError(section, 56, $"section {section} has entries of {section.EntrySize} bytes in {section.Data.Length}; a relocation has {RelocationSize}.");

        ReadOnlySpan<byte> data = section.Data.Span;
        ElfRelocation[] relocations = new ElfRelocation[data.Length / RelocationSize];
        for (int i = 0; i < relocations.Length; i++)
        {
            ReadOnlySpan<byte> entry = data[(i * RelocationSize)..];
            relocations[i] = new(
                BinaryPrimitives.ReadUInt64LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
        }

        return relocations;
    }

    /// <summary>The zero-terminated string in a section, or null if it is not all within it or longer than <see cref="MaxNameLength"/>.</summary>
    internal static string? GetString(ElfSection strings, uint offset)
    {
        ReadOnlySpan<byte> bytes = strings.Data.Span;
        if (offset >= (uint)bytes.Length)
            return null;

        // The limit keeps a file whose symbols share one huge name from costing their product.
        bytes = bytes.Slice((int)offset, Math.Min(bytes.Length - (int)offset, MaxNameLength));
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? null : Encoding.UTF8.GetString(bytes[..end]);
    }

    internal static BpfObjectFormatException HeaderError(ElfSection section, int field, string problem) =>
        new(SectionTableName, ((long)section.Index * SectionHeaderSize) + field, problem);

    private static ReadOnlySpan<byte> CheckHeader(ReadOnlySpan<byte> bytes)
    {
        if (!IsElf(bytes))
            throw new BpfObjectFormatException(HeaderName, 0, "the file does not begin with 7f 45 4c 46 and is therefore no ELF file.");
        if (bytes.Length < HeaderSize)
            throw new BpfObjectFormatException(HeaderName, bytes.Length, $"the file ends within the header of {HeaderSize} bytes.");
        if (bytes[4] != 2)
            throw new BpfObjectFormatException(HeaderName, 4, $"the file's class is {bytes[4]}; only 64-bit ELF (2) is read.");
        if (bytes[5] == 2)
            throw new BpfObjectFormatException(HeaderName, 5, "the file is big-endian. Compile it for little-endian BPF: clang --target=bpfel.");
        if (bytes[5] != 1)
            throw new BpfObjectFormatException(HeaderName, 5, $"the file's byte order is {bytes[5]}; only little-endian (1) is read.");
        return bytes[..HeaderSize];
    }

    private static BpfObjectFormatException SectionError(int index, int field, string problem) =>
        new(SectionTableName, ((long)index * SectionHeaderSize) + field, problem);

    private ElfSection[] ReadSections(ReadOnlySpan<byte> header)
    {
        ulong tableOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        if (tableOffset == 0)
            return [];

        ReadOnlySpan<byte> file = _bytes.Span;
        ushort entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[58..]);
        if (entrySize != SectionHeaderSize)
            throw new BpfObjectFormatException(HeaderName, 58, $"a section header is said to have {entrySize} bytes; it has {SectionHeaderSize}.");
        if (tableOffset > (ulong)file.Length || (ulong)file.Length - tableOffset < SectionHeaderSize)
            throw new BpfObjectFormatException(HeaderName, 40, $"the section table is at offset 0x{tableOffset:x} of a file of 0x{file.Length:x} bytes.");

        ReadOnlySpan<byte> table = file[(int)tableOffset..];
        ulong count = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        uint names = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        if (count == 0)
            count = BinaryPrimitives.ReadUInt64LittleEndian(table[32..]); // more than 0xff00 sections
        if (names == ExtendedIndex)
            names = BinaryPrimitives.ReadUInt32LittleEndian(table[40..]);
        if (count > (ulong)table.Length / SectionHeaderSize)
            throw new BpfObjectFormatException(HeaderName, 60, $"{count} sections are said to be at offset 0x{tableOffset:x}, but the file ends after {table.Length / SectionHeaderSize}.");

        ElfSection[] sections = new ElfSection[(int)count];
        for (int i = 0; i < sections.Length; i++)
            sections[i] = ReadSection(i, table.Slice(i * SectionHeaderSize, SectionHeaderSize));
        NameSections(sections, names);
        return sections;
    }

    private ElfSection ReadSection(int index, ReadOnlySpan<byte> header)
    {
        ElfSectionType type = (ElfSectionType)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        ReadOnlyMemory<byte> data = default;
        if (index != 0 && type is not (ElfSectionType.Null or ElfSectionType.NoBits))
        {
            if (offset > (ulong)_bytes.Length || size > (ulong)_bytes.Length - offset)
                throw SectionError(index, 24, $"section {index} has 0x{size:x} bytes at offset 0x{offset:x} of a file of 0x{_bytes.Length:x} bytes.");
            data = _bytes.Slice((int)offset, (int)size);
        }

        return new(index, BinaryPrimitives.ReadUInt32LittleEndian(header))
        {
            Type = type,
            Flags = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
            Address = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
            FileOffset = offset,
            Size = size,
            Link = BinaryPrimitives.ReadUInt32LittleEndian(header[40..]),
            Info = BinaryPrimitives.ReadUInt32LittleEndian(header[44..]),
            EntrySize = BinaryPrimitives.ReadUInt64LittleEndian(header[56..]),
            Data = data,
        };
    }

    private static void NameSections(ElfSection[] sections, uint names)
    {
        if (names == 0)
            return;
        if (names >= (uint)sections.Length || sections[names].Type != ElfSectionType.StringTable)
            throw new BpfObjectFormatException(HeaderName, 62, $"the names of sections are said to be in section {names}, which is no string table.");
        foreach (ElfSection section in sections)
        {
            if (section.Index != 0)
            {
                section.Name = GetString(sections[names], section.NameOffset)
                    ?? throw SectionError(section.Index, 0, $"the name of section {section.Index} is at offset 0x{section.NameOffset:x} of the names, where there is no string of at most {MaxNameLength} bytes.");
            }
        }
    }

    private ElfSegment[] ReadSegments(ReadOnlySpan<byte> header)
    {
        ulong tableOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        ushort entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        ulong count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        if (tableOffset == 0 || count == 0)
            return [];
        if (count == ExtendedIndex && Sections.Count > 0)
            count = Sections[0].Info;
        if (entrySize != SegmentHeaderSize)
            throw new BpfObjectFormatException(HeaderName, 54, $"a program header is said to have {entrySize} bytes; it has {SegmentHeaderSize}.");
        if (tableOffset > (ulong)_bytes.Length || count > ((ulong)_bytes.Length - tableOffset) / SegmentHeaderSize)
            throw new BpfObjectFormatException(HeaderName, 32, $"{count} program headers are said to be at offset 0x{tableOffset:x} of a file of 0x{_bytes.Length:x} bytes.");

        ReadOnlySpan<byte> table = _bytes.Span[(int)tableOffset..];
        ElfSegment[] segments = new ElfSegment[(int)count];
        for (int i = 0; i < segments.Length; i++)
        {
            ReadOnlySpan<byte> entry = table.Slice(i * SegmentHeaderSize, SegmentHeaderSize);
            ElfSegment segment = new(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]));
            if (segment.FileOffset > (ulong)_bytes.Length || segment.FileSize > (ulong)_bytes.Length - segment.FileOffset)
                throw new BpfObjectFormatException(SegmentTableName, ((long)i * SegmentHeaderSize) + 8, $"segment {i} has 0x{segment.FileSize:x} bytes at offset 0x{segment.FileOffset:x} of a file of 0x{_bytes.Length:x} bytes.");
            segments[i] = segment;
        }

        return segments;
    }
}
