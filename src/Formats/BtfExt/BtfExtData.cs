using System.Buffers.Binary;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.CoRe;

namespace LibbpfSharp.Formats.BtfExt;

/// <summary>
/// The .BTF.ext section of an object file: what the loader, not the kernel, needs to know of instructions
/// (Documentation/bpf/btf.rst in the kernel).
/// </summary>
public sealed class BtfExtData
{
    internal const string SectionName = ".BTF.ext";

    private const int MinHeaderSize = 24;
    private const int CoreHeaderSize = 32;

    private BtfExtData(ReadOnlySpan<byte> bytes, BtfData btf)
    {
        int headerSize = ReadHeader(bytes);
        FuncInfo = ReadSubsection<BtfFuncInfo>(bytes, btf, headerSize, 8, 8, static e =>
            new(U32(e, 0), U32(e, 4)));
        LineInfo = ReadSubsection<BtfLineInfo>(bytes, btf, headerSize, 16, 16, static e =>
            new(U32(e, 0), U32(e, 4), U32(e, 8), U32(e, 12)));
        CoreRelocations = headerSize < CoreHeaderSize
            ? []
            : ReadSubsection<CoreRelocation>(bytes, btf, headerSize, 24, CoreRelocation.RecordSize, static e =>
                new(U32(e, 0), U32(e, 4), U32(e, 8), (CoreRelocationKind)U32(e, 12)));
    }

    private delegate T RecordReader<T>(ReadOnlySpan<byte> record);

    /// <summary>Functions, by ELF section.</summary>
    public IReadOnlyList<BtfExtSection<BtfFuncInfo>> FuncInfo { get; }

    /// <summary>Source lines, by ELF section.</summary>
    public IReadOnlyList<BtfExtSection<BtfLineInfo>> LineInfo { get; }

    /// <summary>CO-RE relocations, by ELF section.</summary>
    public IReadOnlyList<BtfExtSection<CoreRelocation>> CoreRelocations { get; }

    /// <summary>Reads .BTF.ext.</summary>
    /// <param name="bytes">The section.</param>
    /// <param name="btf">The object's BTF, which has the strings.</param>
    /// <returns>Its records.</returns>
    /// <exception cref="BpfObjectFormatException">The section is malformed.</exception>
    public static BtfExtData Parse(ReadOnlyMemory<byte> bytes, BtfData btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        return new(bytes.Span, btf);
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static BpfObjectFormatException Error(long offset, string problem) => new(SectionName, offset, problem);

    private static int ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MinHeaderSize)
            throw Error(bytes.Length, $"the section ends within its header of {MinHeaderSize} bytes.");
        ushort magic = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (magic != BtfData.Magic)
            throw Error(0, $"it begins with 0x{magic:x4}, not with BTF's 0x{BtfData.Magic:x4}.");
        if (bytes[2] != 1)
            throw Error(2, $"its version is {bytes[2]}; only version 1 is known.");
        uint size = U32(bytes, 4);
        if (size < MinHeaderSize || size > (uint)bytes.Length)
            throw Error(4, $"its header is said to have {size} bytes; that is less than {MinHeaderSize} or more than the section's {bytes.Length}.");
        return (int)size;
    }

    private static List<BtfExtSection<T>> ReadSubsection<T>(
        ReadOnlySpan<byte> bytes, BtfData btf, int headerSize, int field, int minRecordSize, RecordReader<T> read)
        where T : struct
    {
        uint relative = U32(bytes, field);
        uint length = U32(bytes, field + 4);
        List<BtfExtSection<T>> sections = [];
        if (length == 0)
            return sections;
        ulong start = (ulong)headerSize + relative;
        if (start % 4 != 0 || start + length > (ulong)bytes.Length || length < 4)
            throw Error(field, $"{length} bytes of records are said to be at offset 0x{start:x} of a section of 0x{bytes.Length:x} bytes.");

        int at = (int)start;
        int end = at + (int)length;
        uint recordSize = U32(bytes, at);
        if (recordSize < (uint)minRecordSize || recordSize % 4 != 0)
            throw Error(at, $"a record is said to have {recordSize} bytes; it has at least {minRecordSize}.");
        for (at += 4; at < end;)
        {
            if (end - at < 8)
                throw Error(at, "the section's records end within a header.");
            uint name = U32(bytes, at);
            uint count = U32(bytes, at + 4);
            if (count == 0 || count > (uint)(end - at - 8) / recordSize)
                throw Error(at + 4, $"{count} records of {recordSize} bytes are said to be in {end - at - 8} bytes.");
            int first = at + 8;
            T[] records = new T[(int)count];
            for (int i = 0; i < records.Length; i++)
                records[i] = read(bytes.Slice(first + (i * (int)recordSize), minRecordSize));
            sections.Add(new(btf.GetString(name), first, (int)recordSize, records));
            at = first + (records.Length * (int)recordSize);
        }

        return sections;
    }
}
