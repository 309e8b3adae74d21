using System.Buffers.Binary;
using System.Collections;

namespace LibbpfSharp.Formats.Elf;

/// <summary>The symbols of a symbol table section, read on demand.</summary>
public sealed class ElfSymbolTable : IReadOnlyList<ElfSymbol>
{
    private const int EntrySize = 24;

    private readonly ElfSection _section;
    private readonly ElfSection _strings;

    internal ElfSymbolTable(ElfSection section, ElfSection strings)
    {
        _section = section;
        _strings = strings;
        if (section.EntrySize != EntrySize)
            throw new BpfObjectFormatException(section.Name, 0, $"the section header says that a symbol has {section.EntrySize} bytes; it has {EntrySize}.");
        if (section.Data.Length % EntrySize != 0)
            throw new BpfObjectFormatException(section.Name, section.Data.Length / EntrySize * EntrySize, $"the size {section.Data.Length} is no multiple of {EntrySize}.");
        Count = section.Data.Length / EntrySize;
    }

    /// <summary>Number of symbols; the first one means none.</summary>
    public int Count { get; }

    /// <summary>The symbol at an index.</summary>
    /// <param name="index">Index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public ElfSymbol this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ReadOnlySpan<byte> entry = _section.Data.Span.Slice(index * EntrySize, EntrySize);
            return new(
                this,
                index,
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                entry[4],
                entry[5],
                BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
        }
    }

    /// <summary>Enumerates the symbols in order.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<ElfSymbol> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal string GetName(uint offset, int index) =>
        ElfFile.GetString(_strings, offset) ?? throw new BpfObjectFormatException(
            _section.Name,
            (long)index * EntrySize,
            $"the name of symbol {index} is at offset 0x{offset:x} of {_strings.Name}, where there is no string of at most {ElfFile.MaxNameLength} bytes.");
}
