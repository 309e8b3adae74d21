using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Formats.Btf;

/// <summary>
/// BTF, the type information of an object file, of the kernel or of a kernel module, read lazily: opening finds where each
/// type starts and no more, types are views over the bytes. Immutable and safe for use by several threads. The memory given
/// to <see cref="Parse"/> must stay valid and unchanged.
/// </summary>
public sealed partial class BtfData
{
    internal const string SectionName = ".BTF";
    internal const ushort Magic = 0xeb9f;
    internal const int MinHeaderSize = 24;
    internal const int MaxTypeDepth = 32;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<byte> _types;
    private readonly ReadOnlyMemory<byte> _strings;
    private readonly int _typesStart;
    private readonly int _stringsStart;
    private readonly int[] _offsets;
    private readonly int _ownCount;

    private BtfData(ReadOnlyMemory<byte> bytes, BtfData? baseBtf, Header header)
    {
        Base = baseBtf;
        _bytes = bytes;
        _typesStart = header.HeaderLength + header.TypeOffset;
        _stringsStart = header.HeaderLength + header.StringOffset;
        _types = bytes.Slice(_typesStart, header.TypeLength);
        _strings = bytes.Slice(_stringsStart, header.StringLength);
        FirstId = baseBtf is null ? 1 : baseBtf.TypeCount;
        FirstStringOffset = baseBtf is null ? 0 : baseBtf.FirstStringOffset + (uint)baseBtf._strings.Length;
        _offsets = IndexTypes(_types.Span, _typesStart, out _ownCount);
    }

    /// <summary>The BTF that this one extends (vmlinux for a module), or null.</summary>
    public BtfData? Base { get; }

    /// <summary>Id of the first type stored here: 1, or for split BTF the count of the base.</summary>
    public uint FirstId { get; }

    /// <summary>Number of type ids, void and those of the base included: the highest id plus one.</summary>
    public uint TypeCount => FirstId + (uint)_ownCount;

    /// <summary>The offset that the first byte of this BTF's own strings has in name offsets: 0, or the length of the base's strings.</summary>
    public uint FirstStringOffset { get; }

    /// <summary>The bytes as given, header included.</summary>
    public ReadOnlyMemory<byte> RawBytes => _bytes;

    /// <summary>The string section (of this BTF alone).</summary>
    public ReadOnlyMemory<byte> StringSection => _strings;

    /// <summary>The type section (of this BTF alone).</summary>
    public ReadOnlyMemory<byte> TypeSection => _types;

    /// <summary>The type with the given id; id 0 is void.</summary>
    /// <param name="id">Id, below <see cref="TypeCount"/>.</param>
    /// <exception cref="BpfObjectFormatException">There is no such id.</exception>
    public BtfType this[uint id]
    {
        get
        {
            BtfData btf = this;
            while (id < btf.FirstId)
            {
                if (id == 0)
                    return new(this, 0, -1);
                btf = btf.Base!;
            }

            uint index = id - btf.FirstId;
            return index < (uint)btf._ownCount ? new(btf, id, btf._offsets[index]) : NoSuchType(id);
        }
    }

    /// <summary>Reads BTF.</summary>
    /// <param name="bytes">The .BTF section or the content of /sys/kernel/btf/NAME. Kept, not copied.</param>
    /// <param name="baseBtf">The BTF that the ids and strings of this one continue, for a kernel module's.</param>
    /// <returns>The BTF.</returns>
    /// <exception cref="BpfObjectFormatException">The header or a type record is malformed.</exception>
    public static BtfData Parse(ReadOnlyMemory<byte> bytes, BtfData? baseBtf = null) =>
        new(bytes, baseBtf, Header.Read(bytes.Span, baseBtf is not null));

    /// <summary>Whether a type id exists.</summary>
    /// <param name="id">The id; 0 (void) exists.</param>
    /// <returns>True if <c>this[id]</c> gives a type.</returns>
    public bool IsValidId(uint id) => id < TypeCount;

    /// <summary>The string at an offset of the string section, without its NUL.</summary>
    /// <param name="offset">Offset as type records have it; for split BTF the base's strings come first.</param>
    /// <returns>The bytes, normally UTF-8.</returns>
    /// <exception cref="BpfObjectFormatException">The offset is outside the string section.</exception>
    public ReadOnlySpan<byte> GetStringBytes(uint offset)
    {
        BtfData btf = this;
        while (offset < btf.FirstStringOffset)
            btf = btf.Base!;
        uint at = offset - btf.FirstStringOffset;
        ReadOnlySpan<byte> strings = btf._strings.Span;
        if (at >= (uint)strings.Length)
        {
            return offset == 0 ? [] : throw new BpfObjectFormatException(
                SectionName, btf._stringsStart, $"string offset {offset} is outside the string section, whose strings end at {btf.FirstStringOffset + (uint)strings.Length}.");
        }

        ReadOnlySpan<byte> rest = strings[(int)at..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end]; // the section is checked to end in NUL, unless it is empty
    }

    /// <summary>The string at an offset of the string section.</summary>
    /// <param name="offset">Offset as type records have it; 0 is the empty string.</param>
    /// <returns>The text.</returns>
    /// <exception cref="BpfObjectFormatException">The offset is outside the string section.</exception>
    public string GetString(uint offset) => offset == 0 ? string.Empty : Encoding.UTF8.GetString(GetStringBytes(offset));

    internal bool IsValidString(uint offset) => offset == 0 || offset < FirstStringOffset + (uint)_strings.Length;

    internal uint ReadTypeWord(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_types.Span.Slice(offset, 4));

    /// <summary>An exception about a type's record.</summary>
    internal BpfObjectFormatException Malformed(BtfType type, string problem) =>
        new(SectionName, type.SectionOffset < 0 ? 0 : type.Btf._typesStart + type.SectionOffset, $"type {type}: {problem}");

    private BtfType NoSuchType(uint id) =>
        throw new BpfObjectFormatException(SectionName, _typesStart, $"there is no type id {id}; ids end at {TypeCount - 1}.");
}
