namespace LibbpfSharp.Formats.Btf;

/// <summary>
/// A type in BTF: a view over its bytes, read on demand. A property that does not apply to the <see cref="Kind"/> throws
/// <see cref="InvalidOperationException"/>.
/// </summary>
public readonly struct BtfType : IEquatable<BtfType>
{
    internal const int HeaderSize = 12;

    private readonly int _offset;
    private readonly uint _info;

    internal BtfType(BtfData btf, uint id, int offset)
    {
        Btf = btf;
        Id = id;
        _offset = offset;
        _info = offset < 0 ? 0 : btf.ReadTypeWord(offset + 4);
    }

    /// <summary>The BTF that the type is stored in: for a type of the base of a split BTF, the base. Ids that the type mentions are looked up here.</summary>
    public BtfData Btf { get; }

    /// <summary>Id of the type; 0 is void.</summary>
    public uint Id { get; }

    /// <summary>Kind.</summary>
    public BtfKind Kind => (BtfKind)((_info >> 24) & 0x1f);

    /// <summary>Number of members, enumerators, parameters or variables (vlen).</summary>
    public int VariableLength => (int)(_info & 0xffff);

    /// <summary>The kind flag: bitfield sizes in a struct or union, signedness of an enumeration, union in a forward declaration.</summary>
    public bool KindFlag => _info >> 31 != 0;

    /// <summary>Offset of the name in the string section; 0 if the type has no name.</summary>
    public uint NameOffset => _offset < 0 ? 0 : Btf.ReadTypeWord(_offset);

    /// <summary>Name; empty if the type has none.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public string Name => Btf.GetString(NameOffset);

    /// <summary>Name as the bytes of the string section, without the NUL.</summary>
    /// <exception cref="BpfObjectFormatException">The name lies outside the string section.</exception>
    public ReadOnlySpan<byte> NameBytes => Btf.GetStringBytes(NameOffset);

    /// <summary>Size in bytes of an int, struct, union, enum, float or section.</summary>
    public uint Size => Kind is BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.DataSec or BtfKind.Float or BtfKind.Enum64
        ? SizeOrType
        : throw Wrong("a size");

    /// <summary>
    /// Id of the type that a pointer, typedef, qualifier, variable or tag refers to, of a function's prototype, or of a prototype's result.
    /// </summary>
    public uint TypeId => Kind is BtfKind.Ptr or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
            or BtfKind.Func or BtfKind.FuncProto or BtfKind.Var or BtfKind.DeclTag or BtfKind.TypeTag
        ? SizeOrType
        : throw Wrong("a referenced type");

    /// <summary>Encoding of an integer.</summary>
    public BtfIntEncoding IntEncoding => (BtfIntEncoding)((IntWord >> 24) & 0xf);

    /// <summary>Number of bits that an integer really uses.</summary>
    public int IntBits => (int)(IntWord & 0xff);

    /// <summary>Offset in bits of an integer's bits within its <see cref="Size"/>.</summary>
    public int IntBitOffset => (int)((IntWord >> 16) & 0xff);

    /// <summary>True for an integer with <see cref="BtfIntEncoding.Signed"/>.</summary>
    public bool IsSignedInt => (IntEncoding & BtfIntEncoding.Signed) != 0;

    /// <summary>Type of the elements of an array.</summary>
    public uint ElementTypeId => Tail(BtfKind.Array, 0);

    /// <summary>Type of the index of an array.</summary>
    public uint IndexTypeId => Tail(BtfKind.Array, 4);

    /// <summary>Number of elements of an array; 0 for a flexible one.</summary>
    public uint ElementCount => Tail(BtfKind.Array, 8);

    /// <summary>True if an enumeration's values are signed.</summary>
    public bool IsSignedEnum => Kind is BtfKind.Enum or BtfKind.Enum64 ? KindFlag : throw Wrong("enumerators");

    /// <summary>True if a forward declaration is of a union, false if of a struct.</summary>
    public bool IsForwardUnion => Kind == BtfKind.Fwd ? KindFlag : throw Wrong("a forward declaration");

    /// <summary>Members of a struct or union.</summary>
    public BtfList<BtfMember> Members => Kind is BtfKind.Struct or BtfKind.Union ? new(this, VariableLength) : throw Wrong("members");

    /// <summary>Enumerators.</summary>
    public BtfList<BtfEnumValue> EnumValues => Kind is BtfKind.Enum or BtfKind.Enum64 ? new(this, VariableLength) : throw Wrong("enumerators");

    /// <summary>Parameters of a function prototype.</summary>
    public BtfList<BtfParameter> Parameters => Kind == BtfKind.FuncProto ? new(this, VariableLength) : throw Wrong("parameters");

    /// <summary>Variables of a section.</summary>
    public BtfList<BtfSectionVariable> Variables => Kind == BtfKind.DataSec ? new(this, VariableLength) : throw Wrong("variables");

    /// <summary>Linkage of a function or variable.</summary>
    public BtfLinkage Linkage => Kind switch
    {
        BtfKind.Func => (BtfLinkage)VariableLength,
        BtfKind.Var => (BtfLinkage)Btf.ReadTypeWord(TailOffset),
        _ => throw Wrong("a linkage"),
    };

    /// <summary>Index of the member or parameter that a declaration tag is on; -1 for the type, function or variable itself.</summary>
    public int ComponentIndex => (int)Tail(BtfKind.DeclTag, 0);

    /// <summary>True for const, volatile, restrict and type tags, which do not change a type's layout.</summary>
    public bool IsModifier => Kind is BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag;

    /// <summary>True for a struct or union.</summary>
    public bool IsComposite => Kind is BtfKind.Struct or BtfKind.Union;

    /// <summary>True for <see cref="BtfKind.Enum"/> and <see cref="BtfKind.Enum64"/>.</summary>
    public bool IsAnyEnum => Kind is BtfKind.Enum or BtfKind.Enum64;

    /// <summary>Offset of the type's record in bytes from the start of the type section; -1 for void.</summary>
    public int SectionOffset => _offset;

    internal int TailOffset => _offset + HeaderSize;

    internal uint SizeOrType => _offset < 0 ? 0 : Btf.ReadTypeWord(_offset + 8);

    private uint IntWord => Tail(BtfKind.Int, 0);

    /// <summary>Compares identity: the same id in the same BTF.</summary>
    /// <param name="left">One type.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are the same type.</returns>
    public static bool operator ==(BtfType left, BtfType right) => left.Equals(right);

    /// <summary>Compares identity: not the same id in the same BTF.</summary>
    /// <param name="left">One type.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they differ.</returns>
    public static bool operator !=(BtfType left, BtfType right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(BtfType other) => ReferenceEquals(Btf, other.Btf) && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BtfType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Btf, Id);

    /// <summary>For people: id, kind and name.</summary>
    /// <returns>For example <c>[12] STRUCT 'task_struct'</c>.</returns>
    public override string ToString() =>
        Btf is null ? "(none)" : $"[{Id}] {BtfNames.Of(Kind)} '{(Btf.IsValidString(NameOffset) ? Name : "(bad name)")}'";

    private uint Tail(BtfKind kind, int offset) => Kind == kind ? Btf.ReadTypeWord(TailOffset + offset) : throw Wrong($"what a {BtfNames.Of(kind)} has");

    private InvalidOperationException Wrong(string what) => new($"BTF type {this} does not have {what}.");
}
