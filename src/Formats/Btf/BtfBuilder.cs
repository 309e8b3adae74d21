using System.Buffers.Binary;
using System.Text;

namespace LibbpfSharp.Formats.Btf;

/// <summary>
/// Writes BTF: types are appended and get ascending ids, members, enumerators, parameters and variables are appended to the
/// type added last. A type may refer to an id that is added later. Not for several threads at once.
/// </summary>
public sealed partial class BtfBuilder
{
    private readonly Dictionary<string, uint> _stringOffsets = new(StringComparer.Ordinal);
    private readonly List<int> _offsets = [];
    private readonly BtfData? _base;
    private readonly uint _firstId;
    private readonly uint _firstStringOffset;
    private byte[] _types = new byte[1024];
    private byte[] _strings = new byte[256];
    private int _typesLength;
    private int _stringsLength;

    /// <summary>Starts an empty BTF.</summary>
    /// <param name="baseBtf">The BTF to continue (split BTF), or null.</param>
    public BtfBuilder(BtfData? baseBtf = null)
    {
        _base = baseBtf;
        _firstId = baseBtf?.TypeCount ?? 1;
        _firstStringOffset = baseBtf is null ? 0 : baseBtf.FirstStringOffset + (uint)baseBtf.StringSection.Length;
        if (baseBtf is null)
            _stringsLength = 1; // the empty string
    }

    /// <summary>Number of type ids so far, void and the base's included: the id that the next type gets.</summary>
    public uint TypeCount => _firstId + (uint)_offsets.Count;

    /// <summary>Starts from all types and strings of an existing BTF, which keep their ids and offsets, so that it can be changed or extended.</summary>
    /// <param name="btf">The BTF to copy. If it is split, the result has the same base.</param>
    /// <returns>The builder.</returns>
    public static BtfBuilder From(BtfData btf)
    {
        BtfBuilder builder = new(btf.Base)
        {
            _types = btf.TypeSection.ToArray(),
            _typesLength = btf.TypeSection.Length,
            _strings = btf.StringSection.ToArray(),
            _stringsLength = btf.StringSection.Length,
        };
        for (uint id = btf.FirstId; id < btf.TypeCount; id++)
            builder._offsets.Add(btf[id].SectionOffset);
        return builder;
    }

    /// <summary>Adds a string, or finds it if this builder added it before.</summary>
    /// <param name="text">The string, without NUL.</param>
    /// <returns>Its offset; 0 for the empty string.</returns>
    public uint AddString(string text)
    {
        if (text.Length == 0)
            return 0;
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A string in BTF cannot contain NUL.", nameof(text));
        if (_stringOffsets.TryGetValue(text, out uint known))
            return known;
        int length = Encoding.UTF8.GetByteCount(text) + 1;
        Reserve(ref _strings, _stringsLength, length);
        uint offset = _firstStringOffset + (uint)_stringsLength;
        Encoding.UTF8.GetBytes(text, _strings.AsSpan(_stringsLength));
        _strings[_stringsLength + length - 1] = 0;
        _stringsLength += length;
        _stringOffsets.Add(text, offset);
        return offset;
    }

    /// <summary>Adds an integer.</summary>
    /// <param name="name">Name as in C.</param>
    /// <param name="size">Size in bytes: 1, 2, 4, 8 or 16.</param>
    /// <param name="encoding">Signed, char, bool or none.</param>
    /// <param name="bits">Bits used; 0 for all of <paramref name="size"/>.</param>
    /// <param name="bitOffset">Offset in bits of the used ones; other than 0 only in old BTF.</param>
    /// <returns>The id.</returns>
    public uint AddInt(string name, uint size, BtfIntEncoding encoding = BtfIntEncoding.None, int bits = 0, int bitOffset = 0)
    {
        uint id = AddType(BtfKind.Int, name, 0, false, size);
        AppendWord(((uint)encoding << 24) | ((uint)(byte)bitOffset << 16) | (byte)(bits == 0 ? (int)size * 8 : bits));
        return id;
    }

    /// <summary>Adds a floating point type.</summary>
    /// <param name="name">Name as in C.</param>
    /// <param name="size">Size in bytes.</param>
    /// <returns>The id.</returns>
    public uint AddFloat(string name, uint size) => AddType(BtfKind.Float, name, 0, false, size);

    /// <summary>Adds a pointer.</summary>
    /// <param name="typeId">What it points to; 0 for void.</param>
    /// <returns>The id.</returns>
    public uint AddPointer(uint typeId) => AddType(BtfKind.Ptr, "", 0, false, typeId);

    /// <summary>Adds a typedef.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="typeId">The type it stands for.</param>
    /// <returns>The id.</returns>
    public uint AddTypedef(string name, uint typeId) => AddType(BtfKind.Typedef, name, 0, false, typeId);

    /// <summary>Adds a const-qualified type.</summary>
    /// <param name="typeId">The type without it.</param>
    /// <returns>The id.</returns>
    public uint AddConst(uint typeId) => AddType(BtfKind.Const, "", 0, false, typeId);

    /// <summary>Adds a volatile-qualified type.</summary>
    /// <param name="typeId">The type without it.</param>
    /// <returns>The id.</returns>
    public uint AddVolatile(uint typeId) => AddType(BtfKind.Volatile, "", 0, false, typeId);

    /// <summary>Adds a restrict-qualified type.</summary>
    /// <param name="typeId">The type without it.</param>
    /// <returns>The id.</returns>
    public uint AddRestrict(uint typeId) => AddType(BtfKind.Restrict, "", 0, false, typeId);

    /// <summary>Adds a type tag.</summary>
    /// <param name="tag">The tag's text, as in <c>__attribute__((btf_type_tag("text")))</c>.</param>
    /// <param name="typeId">The tagged type.</param>
    /// <returns>The id.</returns>
    public uint AddTypeTag(string tag, uint typeId) => AddType(BtfKind.TypeTag, tag, 0, false, typeId);

    /// <summary>Adds a declaration tag.</summary>
    /// <param name="tag">The tag's text.</param>
    /// <param name="typeId">The tagged struct, union, function, variable or typedef.</param>
    /// <param name="componentIndex">Index of the member or parameter, -1 for the whole.</param>
    /// <returns>The id.</returns>
    public uint AddDeclTag(string tag, uint typeId, int componentIndex = -1)
    {
        uint id = AddType(BtfKind.DeclTag, tag, 0, false, typeId);
        AppendWord((uint)componentIndex);
        return id;
    }

    /// <summary>Adds an array.</summary>
    /// <param name="elementTypeId">Type of the elements.</param>
    /// <param name="indexTypeId">Type of the index: an integer.</param>
    /// <param name="count">Number of elements, 0 for a flexible array.</param>
    /// <returns>The id.</returns>
    public uint AddArray(uint elementTypeId, uint indexTypeId, uint count)
    {
        uint id = AddType(BtfKind.Array, "", 0, false, 0);
        AppendWord(elementTypeId);
        AppendWord(indexTypeId);
        AppendWord(count);
        return id;
    }

    /// <summary>Adds a structure without members; <see cref="AddMember"/> adds them.</summary>
    /// <param name="name">Name, empty for an anonymous one.</param>
    /// <param name="size">Size in bytes.</param>
    /// <returns>The id.</returns>
    public uint AddStruct(string name, uint size) => AddType(BtfKind.Struct, name, 0, false, size);

    /// <summary>Adds a union without members; <see cref="AddMember"/> adds them.</summary>
    /// <param name="name">Name, empty for an anonymous one.</param>
    /// <param name="size">Size in bytes.</param>
    /// <returns>The id.</returns>
    public uint AddUnion(string name, uint size) => AddType(BtfKind.Union, name, 0, false, size);

    /// <summary>Adds a member to the struct or union that was added last.</summary>
    /// <param name="name">Name, empty for an anonymous struct or union.</param>
    /// <param name="typeId">Its type.</param>
    /// <param name="bitOffset">Offset in bits.</param>
    /// <param name="bitfieldSize">Size in bits of a bitfield, else 0.</param>
    public void AddMember(string name, uint typeId, uint bitOffset, int bitfieldSize = 0)
    {
        int at = LastType(BtfKind.Struct, BtfKind.Union);
        uint info = ReadWord(at + 4);
        bool bitfields = info >> 31 != 0;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bitfieldSize, 255u, nameof(bitfieldSize));
        if ((bitfields || bitfieldSize != 0) && bitOffset >= 1 << 24)
            throw new ArgumentOutOfRangeException(nameof(bitOffset), bitOffset, "A struct with bitfields has offsets below 2 MiB.");
        if (bitfieldSize != 0 && !bitfields)
        {
            // From now on the offsets' top byte is a bitfield size: those written so far must have it free.
            for (uint i = 0; i < (info & 0xffff); i++)
            {
                if (ReadWord(at + BtfType.HeaderSize + ((int)i * 12) + 8) >= 1 << 24)
                    throw new ArgumentOutOfRangeException(nameof(bitfieldSize), bitfieldSize, "A struct with bitfields has offsets below 2 MiB.");
            }

            WriteWord(at + 4, info | (1u << 31));
        }

        CountEntry(at);
        AppendWord(AddString(name));
        AppendWord(typeId);
        AppendWord(bitOffset | ((uint)bitfieldSize << 24));
    }

    /// <summary>Adds an enumeration without values; <see cref="AddEnumValue"/> adds them.</summary>
    /// <param name="name">Name, empty for an anonymous one.</param>
    /// <param name="size">Size in bytes; 8 makes an ENUM64.</param>
    /// <param name="signed">Whether values are signed.</param>
    /// <returns>The id.</returns>
    public uint AddEnum(string name, uint size = 4, bool signed = false) =>
        AddType(size > 4 ? BtfKind.Enum64 : BtfKind.Enum, name, 0, signed, size);

    /// <summary>Adds an enumerator to the enumeration that was added last.</summary>
    /// <param name="name">Name.</param>
    /// <param name="value">Value; only the low 32 bits count if the enumeration has at most 4 bytes.</param>
    public void AddEnumValue(string name, long value)
    {
        int at = LastType(BtfKind.Enum, BtfKind.Enum64);
        bool wide = (BtfKind)((ReadWord(at + 4) >> 24) & 0x1f) == BtfKind.Enum64;
        CountEntry(at);
        AppendWord(AddString(name));
        AppendWord((uint)value);
        if (wide)
            AppendWord((uint)(value >> 32));
    }

    /// <summary>Adds a forward declaration.</summary>
    /// <param name="name">Name.</param>
    /// <param name="isUnion">Of a union instead of a struct.</param>
    /// <returns>The id.</returns>
    public uint AddForward(string name, bool isUnion = false) => AddType(BtfKind.Fwd, name, 0, isUnion, 0);

    /// <summary>Adds a function.</summary>
    /// <param name="name">Name.</param>
    /// <param name="prototypeId">Its prototype.</param>
    /// <param name="linkage">Linkage.</param>
    /// <returns>The id.</returns>
    public uint AddFunction(string name, uint prototypeId, BtfLinkage linkage) => AddType(BtfKind.Func, name, (int)linkage, false, prototypeId);

    /// <summary>Adds a function prototype without parameters; <see cref="AddParameter"/> adds them.</summary>
    /// <param name="resultTypeId">Type of the result; 0 for void.</param>
    /// <returns>The id.</returns>
    public uint AddFunctionPrototype(uint resultTypeId) => AddType(BtfKind.FuncProto, "", 0, false, resultTypeId);

    /// <summary>Adds a parameter to the prototype that was added last.</summary>
    /// <param name="name">Name, may be empty.</param>
    /// <param name="typeId">Type; 0 with an empty name for "...".</param>
    public void AddParameter(string name, uint typeId)
    {
        CountEntry(LastType(BtfKind.FuncProto, BtfKind.FuncProto));
        AppendWord(AddString(name));
        AppendWord(typeId);
    }

    /// <summary>Adds a variable.</summary>
    /// <param name="name">Name.</param>
    /// <param name="typeId">Its type.</param>
    /// <param name="linkage">Linkage.</param>
    /// <returns>The id.</returns>
    public uint AddVariable(string name, uint typeId, BtfLinkage linkage)
    {
        uint id = AddType(BtfKind.Var, name, 0, false, typeId);
        AppendWord((uint)linkage);
        return id;
    }

    /// <summary>Adds a section without variables; <see cref="AddSectionVariable"/> adds them, in ascending order of offset.</summary>
    /// <param name="name">Name of the ELF section.</param>
    /// <param name="size">Size in bytes.</param>
    /// <returns>The id.</returns>
    public uint AddDataSection(string name, uint size) => AddType(BtfKind.DataSec, name, 0, false, size);

    /// <summary>Adds a variable to the section that was added last.</summary>
    /// <param name="variableId">Id of the variable (or extern function).</param>
    /// <param name="offset">Offset in the section in bytes.</param>
    /// <param name="size">Size in bytes.</param>
    public void AddSectionVariable(uint variableId, uint offset, uint size)
    {
        CountEntry(LastType(BtfKind.DataSec, BtfKind.DataSec));
        AppendWord(variableId);
        AppendWord(offset);
        AppendWord(size);
    }

    /// <summary>Writes the BTF.</summary>
    /// <returns>Header, types and strings.</returns>
    public byte[] ToArray()
    {
        byte[] all = new byte[BtfData.MinHeaderSize + _typesLength + _stringsLength];
        Span<byte> header = all;
        BinaryPrimitives.WriteUInt16LittleEndian(header, BtfData.Magic);
        header[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], BtfData.MinHeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], _typesLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], _typesLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], _stringsLength);
        _types.AsSpan(0, _typesLength).CopyTo(header[BtfData.MinHeaderSize..]);
        _strings.AsSpan(0, _stringsLength).CopyTo(header[(BtfData.MinHeaderSize + _typesLength)..]);
        return all;
    }

    /// <summary>Writes the BTF and opens it.</summary>
    /// <returns>The BTF, with the base given to the constructor.</returns>
    public BtfData Build() => BtfData.Parse(ToArray(), _base);

    private static void Reserve(ref byte[] buffer, int used, int more)
    {
        if (buffer.Length - used < more)
            Array.Resize(ref buffer, Math.Max(used + more, buffer.Length * 2));
    }
}
