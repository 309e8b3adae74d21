using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Formats.Binaries;

/// <summary>Reads .note.stapsdt (the format of SystemTap's sys/sdt.h).</summary>
internal static class UsdtNotes
{
    private const string SectionName = ".note.stapsdt";
    private const uint ProbeNote = 3;
    private const int FixedSize = 24; // address, base, semaphore

    public static IReadOnlyList<UsdtProbe> Read(ElfBinary binary, ReadOnlyMemory<byte> section, ulong baseAddress)
    {
        var probes = new List<UsdtProbe>();
        ReadOnlySpan<byte> span = section.Span;
        int at = 0;
        while (span.Length - at >= 12)
        {
            uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(span[at..]);
            uint descriptionSize = BinaryPrimitives.ReadUInt32LittleEndian(span[(at + 4)..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(span[(at + 8)..]);
            long description = at + 12 + Align(nameSize);
            long next = description + Align(descriptionSize);
            if (description + descriptionSize > span.Length)
                throw new BpfObjectFormatException(SectionName, at, "a note ends outside the section.");
            if (type == ProbeNote && span.Slice(at + 12, (int)nameSize).SequenceEqual("stapsdt\0"u8))
                probes.Add(ReadProbe(binary, span.Slice((int)description, (int)descriptionSize), baseAddress, at));
            at = (int)Math.Min(next, span.Length);
        }

        return probes;
    }

    private static UsdtProbe ReadProbe(ElfBinary binary, ReadOnlySpan<byte> note, ulong baseAddress, int at)
    {
        if (note.Length < FixedSize)
            throw new BpfObjectFormatException(SectionName, at, "a probe's note is too short.");
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(note);
        ulong linkedBase = BinaryPrimitives.ReadUInt64LittleEndian(note[8..]);
        ulong semaphore = BinaryPrimitives.ReadUInt64LittleEndian(note[16..]);
        // Prelinking moves the program but not the notes; the section .stapsdt.base tells by how much.
        if (baseAddress != 0 && linkedBase != 0)
        {
            address += baseAddress - linkedBase;
            if (semaphore != 0)
                semaphore += baseAddress - linkedBase;
        }

        if (!binary.TryGetFileOffset(address, out ulong offset))
            throw new BpfObjectFormatException(SectionName, at, $"a probe's address 0x{address:x} is in no loadable segment.");
        ulong semaphoreOffset = 0;
        if (semaphore != 0 && !binary.TryGetFileOffset(semaphore, out semaphoreOffset))
            throw new BpfObjectFormatException(SectionName, at, $"a probe's semaphore 0x{semaphore:x} is in no loadable segment.");
        ReadOnlySpan<byte> texts = note[FixedSize..];
        return new UsdtProbe(Next(ref texts), Next(ref texts), address, offset, semaphoreOffset, Next(ref texts));
    }

    private static string Next(ref ReadOnlySpan<byte> texts)
    {
        int end = texts.IndexOf((byte)0);
        ReadOnlySpan<byte> text = end < 0 ? texts : texts[..end];
        texts = end < 0 ? default : texts[(end + 1)..];
        return Encoding.UTF8.GetString(text);
    }

    private static long Align(uint size) => ((long)size + 3) & ~3L;
}
