using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

/// <summary>Writes small BPF objects by hand, for what the compiler at hand does not write.</summary>
internal sealed class ElfObjectBuilder
{
    private const int HeaderSize = 64;

    private readonly List<(string Name, uint Type, ulong Flags, byte[] Data, uint Info, ulong EntrySize)> _sections = [(string.Empty, 0, 0, [], 0, 0)];
    private readonly List<(string Name, byte Info, byte Other, ushort Section, ulong Value, ulong Size)> _symbols = [(string.Empty, 0, 0, 0, 0, 0)];

    /// <summary>Adds a section and gives its index.</summary>
    public int Section(string name, byte[] data, ulong flags = 0, uint type = 1)
    {
        _sections.Add((name, type, flags, data, 0, 0));
        return _sections.Count - 1;
    }

    /// <summary>Adds a symbol (binding 0 local, 1 global, 2 weak; type 1 object, 2 function) and gives its index.</summary>
    public int Symbol(string name, int section, ulong value, ulong size, int type, int binding = 1, byte visibility = 0)
    {
        _symbols.Add((name, (byte)((binding << 4) | type), visibility, (ushort)section, value, size));
        return _symbols.Count - 1;
    }

    /// <summary>Adds relocations of a section.</summary>
    public ElfObjectBuilder Relocations(int section, params (ulong Offset, uint Type, int Symbol)[] entries)
    {
        byte[] data = new byte[entries.Length * 16];
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(i * 16), entries[i].Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan((i * 16) + 8), entries[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan((i * 16) + 12), (uint)entries[i].Symbol);
        }

        _sections.Add((".rel" + _sections[section].Name, 9, 0, data, (uint)section, 16));
        return this;
    }

    public byte[] ToArray()
    {
        List<byte> strings = [0];
        uint text(string s)
        {
            if (s.Length == 0)
                return 0;
            uint at = (uint)strings.Count;
            strings.AddRange(Encoding.UTF8.GetBytes(s));
            strings.Add(0);
            return at;
        }

        byte[] symbols = new byte[_symbols.Count * 24];
        for (int i = 0; i < _symbols.Count; i++)
        {
            Span<byte> entry = symbols.AsSpan(i * 24);
            (string name, byte info, byte other, ushort section, ulong value, ulong size) = _symbols[i];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, text(name));
            entry[4] = info;
            entry[5] = other;
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], section);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], value);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], size);
        }

        _sections.Add((".symtab", 2, 0, symbols, 1, 24));
        uint[] names = [.. _sections.Select(s => text(s.Name)), text(".strtab")];
        _sections.Add((".strtab", 3, 0, [.. strings], 0, 0));
        int strtab = _sections.Count - 1;

        byte[] file = new byte[HeaderSize + _sections.Sum(s => s.Type == 8 ? 0 : (s.Data.Length + 7) & ~7) + (_sections.Count * 64)];
        int table = file.Length - (_sections.Count * 64);
        byte[] start = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        start.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 247);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), (ulong)table);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), (ushort)_sections.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(62), (ushort)strtab);
        int at = HeaderSize;
        for (int i = 0; i < _sections.Count; i++)
        {
            (string _, uint type, ulong flags, byte[] data, uint info, ulong entrySize) = _sections[i];
            Span<byte> header = file.AsSpan(table + (i * 64), 64);
            BinaryPrimitives.WriteUInt32LittleEndian(header, names[i]);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], flags);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)at);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)data.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], type == 2 ? (uint)strtab : type == 9 ? (uint)strtab - 1 : 0);
            BinaryPrimitives.WriteUInt32LittleEndian(header[44..], info);
            BinaryPrimitives.WriteUInt64LittleEndian(header[56..], entrySize);
            if (type == 8)
                continue;
            data.CopyTo(file, at);
            at += (data.Length + 7) & ~7;
        }

        return file;
    }
}
