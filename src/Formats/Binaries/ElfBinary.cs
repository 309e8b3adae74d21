using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Formats.Binaries;

/// <summary>
/// An executable or shared library as user probes need it: functions by name, addresses as file offsets, and the
/// probes that its authors put in (USDT). 64-bit little-endian ELF. Reads only what it is asked for.
/// </summary>
public sealed class ElfBinary
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbols = 11;
    private const uint VersionSymbols = 0x6fffffff;
    private const uint VersionDefinitions = 0x6ffffffd;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<ElfBinarySegment> _segments = [];
    private readonly List<Section> _sections = [];

    private ElfBinary(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>ELF machine: 62 is x86-64, 183 is AArch64, 243 is RISC-V.</summary>
    public int Machine { get; private set; }

    /// <summary>Loadable segments, in file order.</summary>
    public IReadOnlyList<ElfBinarySegment> Segments => _segments;

    private ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>Reads the headers.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="BpfObjectFormatException">It is no 64-bit little-endian ELF file, or its tables lie outside it.</exception>
    public static ElfBinary Parse(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < HeaderSize || !span.StartsWith("\x7f"u8) || !span[1..].StartsWith("ELF"u8))
            throw new BpfObjectFormatException("ELF header", 0, "this is no ELF file.");
        if (span[4] != 2 || span[5] != 1)
            throw new BpfObjectFormatException("ELF header", 4, "only 64-bit little-endian binaries can be probed.");
        var binary = new ElfBinary(bytes) { Machine = BinaryPrimitives.ReadUInt16LittleEndian(span[18..]) };
        binary.ReadSegments();
        binary.ReadSections();
        return binary;
    }

    /// <summary>Offset in the file of an address of the program, if a loadable segment holds it.</summary>
    public bool TryGetFileOffset(ulong address, out ulong offset)
    {
        foreach (ElfBinarySegment segment in _segments)
        {
            if (address >= segment.Address && address - segment.Address < segment.FileSize)
            {
                offset = address - segment.Address + segment.FileOffset;
                return true;
            }
        }

        offset = 0;
        return false;
    }

    /// <summary>Offset in the file of a function.</summary>
    /// <param name="name">The symbol, with "@VERSION" or "@@VERSION" behind it to choose one of several versions.</param>
    /// <param name="offset">The offset, what perf's uprobe PMU and uprobe_multi take.</param>
    /// <returns>False if no table of symbols defines the function.</returns>
    /// <exception cref="BpfObjectFormatException">The tables are malformed, or several functions have the name.</exception>
    public bool TryFindFunction(string name, out ulong offset)
    {
        ElfBinarySymbol? found = null;
        foreach (ElfBinarySymbol symbol in Functions())
        {
            if (!symbol.Matches(name))
                continue;
            if (found is null || (symbol.IsGlobal && !found.Value.IsGlobal) || (symbol.IsDefaultVersion && !found.Value.IsDefaultVersion))
                found = symbol;
            else if (symbol.Address != found.Value.Address && symbol.IsGlobal == found.Value.IsGlobal && symbol.IsDefaultVersion == found.Value.IsDefaultVersion)
                throw new BpfObjectFormatException(".symtab", 0, $"'{name}' names several functions; give an offset, or a version such as '{name}@GLIBC_2.2.5'.");
        }

        offset = found?.FileOffset ?? 0;
        return found is not null;
    }

    /// <summary>Functions defined in the file, dynamic symbols before the full table; a function may come twice.</summary>
    /// <exception cref="BpfObjectFormatException">The tables are malformed.</exception>
    public IEnumerable<ElfBinarySymbol> Functions()
    {
        foreach (uint kind in new[] { DynamicSymbols, SymbolTable })
        {
            foreach (Section table in _sections)
            {
                if (table.Type != kind)
                    continue;
                foreach (ElfBinarySymbol symbol in Read(table))
                    yield return symbol;
            }
        }
    }

    /// <summary>The USDT probes of the file (section .note.stapsdt), in file order.</summary>
    /// <exception cref="BpfObjectFormatException">The notes are malformed.</exception>
    public IReadOnlyList<UsdtProbe> ReadUsdtProbes()
    {
        Section? notes = null, anchor = null;
        foreach (Section section in _sections)
        {
            if (section.Name == ".note.stapsdt")
                notes = section;
            else if (section.Name == ".stapsdt.base")
                anchor = section;
        }

        return notes is null ? [] : UsdtNotes.Read(this, Content(notes), anchor?.Address ?? 0);
    }

    private IEnumerable<ElfBinarySymbol> Read(Section table)
    {
        const int entrySize = 24;
        if (table.Link >= _sections.Count)
            throw new BpfObjectFormatException(table.Name, 0, "its table of names does not exist.");
        Section names = _sections[(int)table.Link];
        ReadOnlyMemory<byte> entries = Content(table), strings = Content(names);
        Dictionary<int, string> versions = table.Type == DynamicSymbols ? ReadVersions(strings) : [];
        Section? versionTable = table.Type == DynamicSymbols ? _sections.Find(s => s.Type == VersionSymbols) : null;
        ReadOnlyMemory<byte> versionOf = versionTable is null ? default : Content(versionTable);
        int count = entries.Length / entrySize;
        for (int i = 1; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Span.Slice(i * entrySize, entrySize);
            int type = entry[4] & 0xf;
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            if (type is not (2 or 10) || BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) == 0 || !TryGetFileOffset(address, out ulong offset))
                continue;
            string name = ReadString(strings.Span, BinaryPrimitives.ReadUInt32LittleEndian(entry), names.Name);
            string? version = null;
            bool isDefault = true;
            if (versionOf.Length >= (i + 1) * 2)
            {
                ushort index = BinaryPrimitives.ReadUInt16LittleEndian(versionOf.Span[(i * 2)..]);
                isDefault = (index & 0x8000) == 0;
                versions.TryGetValue(index & 0x7fff, out version);
            }

            yield return new ElfBinarySymbol(name, version, isDefault, entry[4] >> 4 != 0, address, offset, BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
        }
    }

    /// <summary>Names of the versions that the file defines, by index (.gnu.version_d).</summary>
    private Dictionary<int, string> ReadVersions(ReadOnlyMemory<byte> strings)
    {
        var versions = new Dictionary<int, string>();
        if (_sections.Find(s => s.Type == VersionDefinitions) is not { } section)
            return versions;
        ReadOnlySpan<byte> span = Content(section).Span;
        int at = 0;
        while (at >= 0 && at + 20 <= span.Length)
        {
            ReadOnlySpan<byte> definition = span[at..];
            long name = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(definition[12..]);
            if (name + 4 <= span.Length)
                versions[BinaryPrimitives.ReadUInt16LittleEndian(definition[4..])] = ReadString(strings.Span, BinaryPrimitives.ReadUInt32LittleEndian(span[(int)name..]), section.Name);
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(definition[16..]);
            if (next == 0 || next > (uint)span.Length)
                break;
            at += (int)next;
        }

        return versions;
    }

    private void ReadSegments()
    {
        ReadOnlySpan<byte> table = Table(32, 54, 56, ProgramHeaderSize, "program headers");
        for (; table.Length > 0; table = table[ProgramHeaderSize..])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(table) == 1)
            {
                _segments.Add(new ElfBinarySegment(
                    BinaryPrimitives.ReadUInt64LittleEndian(table[16..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(table[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(table[32..]),
                    (BinaryPrimitives.ReadUInt32LittleEndian(table[4..]) & 1) != 0));
            }
        }
    }

    private void ReadSections()
    {
        ReadOnlySpan<byte> table = Table(40, 58, 60, SectionHeaderSize, "section headers");
        for (ReadOnlySpan<byte> rest = table; rest.Length > 0; rest = rest[SectionHeaderSize..])
        {
            _sections.Add(new Section
            {
                NameOffset = BinaryPrimitives.ReadUInt32LittleEndian(rest),
                Type = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]),
                Address = BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]),
                Offset = BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]),
                Size = BinaryPrimitives.ReadUInt64LittleEndian(rest[32..]),
                Link = BinaryPrimitives.ReadUInt32LittleEndian(rest[40..]),
            });
        }

        int nameTable = BinaryPrimitives.ReadUInt16LittleEndian(Span[62..]);
        if (nameTable >= _sections.Count)
            return;
        ReadOnlySpan<byte> names = Content(_sections[nameTable]).Span;
        foreach (Section section in _sections)
            section.Name = ReadString(names, section.NameOffset, "section names");
    }

    private ReadOnlySpan<byte> Table(int offsetAt, int sizeAt, int countAt, int entrySize, string what)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(Span[offsetAt..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(Span[countAt..]);
        if (offset == 0 || count == 0)
            return default;
        if (BinaryPrimitives.ReadUInt16LittleEndian(Span[sizeAt..]) != entrySize)
            throw new BpfObjectFormatException("ELF header", sizeAt, $"the {what} are not {entrySize} bytes each.");
        ulong size = (ulong)count * (ulong)entrySize;
        if (offset > (ulong)Span.Length || size > (ulong)Span.Length - offset)
            throw new BpfObjectFormatException("ELF header", offsetAt, $"the {what} lie outside the file.");
        return Span.Slice((int)offset, (int)size);
    }

    private ReadOnlyMemory<byte> Content(Section section)
    {
        const uint noBits = 8;
        if (section.Type == noBits)
            return default;
        if (section.Offset > (ulong)_bytes.Length || section.Size > (ulong)_bytes.Length - section.Offset)
            throw new BpfObjectFormatException(section.Name, (long)Math.Min(section.Offset, long.MaxValue), "the section lies outside the file.");
        return _bytes.Slice((int)section.Offset, (int)section.Size);
    }

    private static string ReadString(ReadOnlySpan<byte> table, uint offset, string section)
    {
        if (offset >= (uint)table.Length)
            return offset == 0 ? string.Empty : throw new BpfObjectFormatException(section, offset, "a name lies outside its table.");
        ReadOnlySpan<byte> rest = table[(int)offset..];
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private sealed class Section
    {
        public uint NameOffset { get; init; }

        public uint Type { get; init; }

        public ulong Address { get; init; }

        public ulong Offset { get; init; }

        public ulong Size { get; init; }

        public uint Link { get; init; }

        public string Name { get; set; } = string.Empty;
    }
}
