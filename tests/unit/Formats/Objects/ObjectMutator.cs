using System.Buffers.Binary;
using LibbpfSharp.Formats.Elf;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

/// <summary>Makes malformed objects of valid ones: bit flips, truncations, wild sizes and ids, in all the places that are read.</summary>
internal sealed class ObjectMutator
{
    private static readonly uint[] s_wild = [0, 1, 2, 3, 4, 7, 8, 16, 0x7f, 0xff, 0x100, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

    private readonly byte[] _original;
    private readonly List<(int Start, int Length)> _tables = [];

    public ObjectMutator(byte[] original)
    {
        _original = original;
        ElfFile elf = ElfFile.Parse(original);
        _tables.Add((0, 64));
        int sectionTable = (int)BinaryPrimitives.ReadInt64LittleEndian(original.AsSpan(40));
        _tables.Add((sectionTable, elf.Sections.Count * 64));
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Data.Length >= 8)
                _tables.Add(((int)section.FileOffset, section.Data.Length));
        }
    }

    public byte[] Mutate(Random random)
    {
        byte[] bytes = (byte[])_original.Clone();
        if (random.Next(8) == 0)
            return bytes[..random.Next(bytes.Length)];
        int changes = random.Next(4) == 0 ? random.Next(1, 12) : 1;
        for (int i = 0; i < changes; i++)
            Change(bytes, random);
        return bytes;
    }

    private void Change(byte[] bytes, Random random)
    {
        (int start, int length) = _tables[random.Next(_tables.Count)];
        Span<byte> table = bytes.AsSpan(start, length);
        int word = random.Next(length / 4) * 4;
        switch (random.Next(7))
        {
            case 0: // a bit, anywhere
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1: // a bit in a table
                table[random.Next(length)] ^= (byte)(1 << random.Next(8));
                break;
            case 2: // a wild number
                BinaryPrimitives.WriteUInt32LittleEndian(table[word..], s_wild[random.Next(s_wild.Length)]);
                break;
            case 3: // a number near the right one
                uint old = BinaryPrimitives.ReadUInt32LittleEndian(table[word..]);
                BinaryPrimitives.WriteUInt32LittleEndian(table[word..], old + (uint)random.Next(-9, 10));
                break;
            case 4: // a small number: another id, so cycles
                BinaryPrimitives.WriteUInt32LittleEndian(table[word..], (uint)random.Next(64));
                break;
            case 5: // 64 bits, wild
                if (word + 8 <= length)
                    BinaryPrimitives.WriteUInt64LittleEndian(table[word..], ((ulong)s_wild[random.Next(s_wild.Length)] << 32) | s_wild[random.Next(s_wild.Length)]);
                break;
            default: // a piece from elsewhere in the table
                int size = Math.Min(random.Next(1, 64), length);
                int from = random.Next(length - size + 1);
                table.Slice(from, size).ToArray().CopyTo(table[random.Next(length - size + 1)..]);
                break;
        }
    }
}
