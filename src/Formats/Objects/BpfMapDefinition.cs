using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.Objects;

/// <summary>
/// Reads a map's definition in .maps: a struct whose members say with their types what the map is. A number n is a pointer to
/// an array of n elements (<c>__uint</c>), or an enumeration with one enumerator (<c>__ulong</c>).
/// </summary>
internal ref struct BpfMapDefinition
{
    private const uint TypeProgramArray = 3;
    private const uint TypePerfEventArray = 4;
    private const uint TypeArrayOfMaps = 12;
    private const uint TypeHashOfMaps = 13;
    private const uint TypeRingBuffer = 27;
    private const uint TypeUserRingBuffer = 31;

    private readonly BtfData _btf;
    private readonly string _name;
    private readonly BtfType _definition;
    private readonly bool _inner;
    private uint _type;
    private uint? _keySize;
    private uint? _valueSize;
    private uint _keyTypeId;
    private uint _valueTypeId;
    private uint _maxEntries;
    private uint _flags;
    private ulong _extra;
    private uint _numaNode;
    private bool _pinByName;
    private BpfMapSpec? _innerMap;

    private BpfMapDefinition(BtfData btf, string name, BtfType definition, bool inner)
    {
        _btf = btf;
        _name = name;
        _definition = definition;
        _inner = inner;
    }

    public static BpfMapSpec Read(
        BtfData btf, string name, BtfType definition, ReadOnlyMemory<byte> arenaData, BtfType variable, int sectionIndex, ulong offset, uint size)
    {
        BpfMapDefinition reader = new(btf, name, definition, inner: false);
        reader.ReadMembers();
        return reader.Make(variable.Id, reader._type == BpfMapSpec.TypeArena ? arenaData : default, sectionIndex, offset, size);
    }

    // The values of these maps are not the programmer's (there are none, or they are descriptors): a type says what is sent.
    private readonly bool HasEventType => _valueTypeId != 0
        && (_type is TypeRingBuffer or TypeUserRingBuffer || (_type == TypePerfEventArray && _btf[_btf.ResolveTypedefs(_valueTypeId)].IsComposite));

    private readonly BpfMapSpec Make(uint variableId, ReadOnlyMemory<byte> data, int sectionIndex, ulong offset, uint size) => new()
    {
        Name = _name,
        SectionName = ".maps",
        Kind = BpfMapSpecKind.User,
        Type = _type,
        KeySize = _keySize ?? 0,
        ValueSize = !HasEventType ? _valueSize ?? 0 : _type == TypePerfEventArray ? 4 : 0u,
        MaxEntries = _maxEntries,
        Flags = _flags,
        MapExtra = _extra,
        NumaNode = _numaNode,
        PinByName = _pinByName,
        KeyTypeId = _keyTypeId,
        ValueTypeId = HasEventType ? 0 : _valueTypeId,
        EventTypeId = HasEventType ? _valueTypeId : 0,
        VariableId = variableId,
        InnerMap = _innerMap,
        InitialData = data,
        SectionIndex = sectionIndex,
        SectionOffset = offset,
        SizeInSection = size,
    };

    private void ReadMembers()
    {
        int index = 0;
        foreach (BtfMember member in _definition.Members)
        {
            string attribute = member.Name;
            index++;
            switch (attribute)
            {
                case "type":
                    _type = ReadNumber(member, attribute);
                    break;
                case "max_entries":
                    _maxEntries = ReadNumber(member, attribute);
                    break;
                case "map_flags":
                    _flags = ReadNumber(member, attribute);
                    break;
                case "numa_node":
                    _numaNode = ReadNumber(member, attribute);
                    break;
                case "key_size":
                    SetSize(ref _keySize, ReadNumber(member, attribute), attribute);
                    break;
                case "value_size":
                    SetSize(ref _valueSize, ReadNumber(member, attribute), attribute);
                    break;
                case "key":
                    _keyTypeId = ReadPointee(member, attribute);
                    SetSize(ref _keySize, _btf.GetSize(_keyTypeId), attribute);
                    break;
                case "value":
                    _valueTypeId = ReadPointee(member, attribute);
                    SetSize(ref _valueSize, _btf.GetSize(_valueTypeId), attribute);
                    break;
                case "map_extra":
                    _extra = ReadLong(member, attribute);
                    break;
                case "pinning":
                    uint pinning = ReadNumber(member, attribute);
                    if (pinning > 1 || _inner)
                        throw Error($"attribute 'pinning' is {pinning}; LIBBPF_PIN_NONE (0) and LIBBPF_PIN_BY_NAME (1) are known, and not for an inner map.");
                    _pinByName = pinning == 1;
                    break;
                case "values":
                    ReadValues(member, last: index == _definition.VariableLength);
                    break;
                default:
                    throw Error($"attribute '{attribute}' is not known. (libbpf's macros are in bpf_helpers.h.)");
            }
        }

        if (_type == 0)
            throw Error("it has no attribute 'type'.");
    }

    private void ReadValues(BtfMember member, bool last)
    {
        if (_inner)
            throw Error("a map in a map in a map cannot be defined.");
        if (!last)
            throw Error("attribute 'values' must be the last one, and come after 'type'.");
        bool programs = _type == TypeProgramArray;
        if (!programs && _type is not (TypeArrayOfMaps or TypeHashOfMaps))
            throw Error($"attribute 'values' is for maps of maps and program arrays; the type is {BpfTypeNames.GetMapType(_type)}.");
        SetSize(ref _valueSize, 4, "values");
        BtfType array = _btf[member.TypeId];
        if (array.Kind != BtfKind.Array || array.ElementCount != 0)
            throw Error($"attribute 'values' is {array}, not an array without length.");
        BtfType pointer = _btf[_btf.ResolveTypedefs(array.ElementTypeId)];
        if (pointer.Kind != BtfKind.Ptr)
            throw Error($"the elements of 'values' are {pointer}, not pointers.");
        BtfType target = _btf[_btf.ResolveTypedefs(pointer.TypeId)];
        if (programs ? target.Kind != BtfKind.FuncProto : target.Kind != BtfKind.Struct)
            throw Error($"the elements of 'values' point to {target}; they point to {(programs ? "a function" : "the definition of a map")}.");
        if (programs)
            return;

        BpfMapDefinition inner = new(_btf, _name + ".inner", target, inner: true);
        inner.ReadMembers();
        _innerMap = inner.Make(0, default, -1, 0, 0);
    }

    private readonly uint ReadNumber(BtfMember member, string attribute)
    {
        BtfType pointer = _btf[_btf.ResolveTypedefs(member.TypeId)];
        if (pointer.Kind != BtfKind.Ptr || _btf[pointer.TypeId] is not { Kind: BtfKind.Array } array)
            throw Error($"attribute '{attribute}' is {pointer}; write it with __uint({attribute}, NUMBER).");
        return array.ElementCount;
    }

    private readonly ulong ReadLong(BtfMember member, string attribute)
    {
        BtfType type = _btf[_btf.ResolveTypedefs(member.TypeId)];
        if (type.Kind == BtfKind.Ptr)
            return ReadNumber(member, attribute);
        if (!type.IsAnyEnum || type.VariableLength != 1)
            throw Error($"attribute '{attribute}' is {type}; write it with __ulong({attribute}, NUMBER) or __uint.");
        return (ulong)type.EnumValues[0].Value;
    }

    private readonly uint ReadPointee(BtfMember member, string attribute)
    {
        BtfType pointer = _btf[member.TypeId];
        return pointer.Kind == BtfKind.Ptr
            ? pointer.TypeId
            : throw Error($"attribute '{attribute}' is {pointer}; write it with __type({attribute}, TYPE).");
    }

    private readonly void SetSize(ref uint? size, uint value, string attribute)
    {
        if (size is not (null or 0) && size != value)
            throw Error($"attribute '{attribute}' says {value} bytes, another one said {size}.");
        size = value;
    }

    private readonly BpfObjectFormatException Error(string problem) => _btf.Malformed(_definition, $"map '{_name}': {problem}");
}
