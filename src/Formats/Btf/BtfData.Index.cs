using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Formats.Btf;

/// <content>The header and the one pass over the type section.</content>
public sealed partial class BtfData
{
    /// <summary>Size in bytes of what follows the 12-byte record of each kind: a fixed part, and a part per vlen. -1: no such kind.</summary>
    private static ReadOnlySpan<sbyte> FixedTail => [-1, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0];

    private static ReadOnlySpan<byte> EntrySize => [0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12];

    // Hot for the kernel's BTF (some 140,000 records) and run once: compiled at full optimisation from the start.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] IndexTypes(ReadOnlySpan<byte> types, int start, out int count)
    {
        // Records of the kernel's BTF average 28 bytes; the smallest possible is 12.
        int[] offsets = new int[(types.Length / 26) + 4];
        int n = 0;
        int at = 0;
        while (at < types.Length)
        {
            if (types.Length - at < BtfType.HeaderSize)
                throw new BpfObjectFormatException(SectionName, start + at, $"the type section ends within the record of a type ({types.Length - at} bytes left, {BtfType.HeaderSize} needed).");
            uint info = BinaryPrimitives.ReadUInt32LittleEndian(types[(at + 4)..]);
            int kind = (int)(info >> 24) & 0x1f;
            if (kind >= FixedTail.Length || FixedTail[kind] < 0)
                throw new BpfObjectFormatException(SectionName, start + at, $"unknown kind {kind} of type.");
            int size = BtfType.HeaderSize + FixedTail[kind] + (EntrySize[kind] * (int)(info & 0xffff));
            if (types.Length - at < size)
                throw new BpfObjectFormatException(SectionName, start + at, $"a {BtfNames.Of((BtfKind)kind)} with {info & 0xffff} entries needs {size} bytes, but the type section has {types.Length - at} left.");
            if (n == offsets.Length)
                Array.Resize(ref offsets, n + (n / 2) + 8);
            offsets[n++] = at;
            at += size;
        }

        count = n;
        return offsets;
    }

    private readonly record struct Header(int HeaderLength, int TypeOffset, int TypeLength, int StringOffset, int StringLength)
    {
        public static Header Read(ReadOnlySpan<byte> bytes, bool split)
        {
            if (bytes.Length < MinHeaderSize)
                throw Bad(0, $"{bytes.Length} bytes are too few for the header of BTF ({MinHeaderSize}).");
            ushort magic = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            if (magic == 0x9feb)
                throw Bad(0, "this is big-endian BTF; only little-endian is supported. Compile with -target bpfel.");
            if (magic != Magic)
                throw Bad(0, $"the magic number is 0x{magic:x4}, BTF has 0x{Magic:x4}.");
            if (bytes[2] != 1)
                throw Bad(2, $"version {bytes[2]} of BTF is unknown; version 1 is supported.");

            long headerLength = Word(bytes, 4);
            long typeOffset = Word(bytes, 8);
            long typeLength = Word(bytes, 12);
            long stringOffset = Word(bytes, 16);
            long stringLength = Word(bytes, 20);
            if (headerLength < MinHeaderSize || headerLength > bytes.Length)
                throw Bad(4, $"a header of {headerLength} bytes does not fit into {bytes.Length} bytes.");
            if (typeOffset % 4 != 0)
                throw Bad(8, $"the type section's offset {typeOffset} is not a multiple of 4.");
            if (headerLength + typeOffset + typeLength > bytes.Length)
                throw Bad(12, $"the type section (offset {typeOffset}, {typeLength} bytes) reaches beyond the {bytes.Length} bytes there are.");
            if (headerLength + stringOffset + stringLength > bytes.Length)
                throw Bad(20, $"the string section (offset {stringOffset}, {stringLength} bytes) reaches beyond the {bytes.Length} bytes there are.");
            if (stringLength == 0 && !split)
                throw Bad(20, "the string section is empty; it must hold at least one NUL.");

            ReadOnlySpan<byte> strings = bytes.Slice((int)(headerLength + stringOffset), (int)stringLength);
            if (strings.Length > 0 && strings[^1] != 0)
                throw Bad(headerLength + stringOffset + stringLength - 1, "the string section does not end in NUL.");
            if (strings.Length > 0 && !split && strings[0] != 0)
                throw Bad(headerLength + stringOffset, "the string section does not begin with the empty string.");
            return new((int)headerLength, (int)typeOffset, (int)typeLength, (int)stringOffset, (int)stringLength);
        }

        private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

        private static BpfObjectFormatException Bad(long offset, string problem) => new(SectionName, offset, problem);
    }
}
