using System.Globalization;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton.Diagnostics;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Types;

namespace LibbpfSharp.Skeleton;

/// <summary>What each kind of map (enum bpf_map_type) is seen as, with the types that its definition gives.</summary>
internal sealed class MapParser
{
    private const string Maps = "global::LibbpfSharp.Maps.";
    private const string Lib = "global::LibbpfSharp.";
    private const string EventTag = "event:";

    private static readonly TypeRef s_uint = new(TypeRefKind.Integer, "uint", 4, 4);
    private static readonly TypeRef s_ulong = new(TypeRefKind.Integer, "ulong", 8, 8);

    private readonly BpfObjectFile _file;
    private readonly SkeletonOptions _options;
    private readonly TypeSetBuilder? _types;
    private readonly List<SkeletonDiagnostic> _diagnostics;

    public MapParser(BpfObjectFile file, SkeletonOptions options, TypeSetBuilder? types, List<SkeletonDiagnostic> diagnostics)
    {
        _file = file;
        _options = options;
        _types = types;
        _diagnostics = diagnostics;
    }

    public MapModel Parse(BpfMapSpec map, string name)
    {
        string tags = _types?.Tags(map.VariableId) ?? "";
        return new(name, map.Name, Type(map, name), Describe(map) + (tags.Length == 0 ? "" : $"; tags: {tags}"));
    }

    /// <summary>Warns of types of records that were given for maps that have none.</summary>
    public void CheckEventMaps()
    {
        foreach (string name in _options.EventTypes.Keys.Order(StringComparer.Ordinal))
        {
            if (!_file.Maps.Any(m => m.Name == name && HasEvents(m)))
                _diagnostics.Add(SkeletonDiagnostics.NoEventMap(name));
        }
    }

    private static bool HasEvents(BpfMapSpec map) => map.Type is 4 or 27 or 31;

    private static string Describe(BpfMapSpec map) => map.Type switch
    {
        26 => "struct_ops",
        27 or 31 => string.Create(CultureInfo.InvariantCulture, $"{BpfTypeNames.GetMapType(map.Type)} of {map.MaxEntries} bytes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{BpfTypeNames.GetMapType(map.Type)}, keys of {map.KeySize} and values of {map.ValueSize} bytes, {map.MaxEntries} entries"),
    };

    private MapTypeModel Type(BpfMapSpec map, string name) => map.Type switch
    {
        1 => Of("BpfHashMap", Key(map, name), Value(map, name)),
        2 => Of("BpfArray", Value(map, name)),
        3 => new(Maps + "BpfProgramArray", []),
        4 => Events(map, name, Lib + "BpfPerfEventMap"),
        5 => Of("BpfPerCpuHashMap", Key(map, name), Value(map, name)),
        6 => Of("BpfPerCpuArray", Value(map, name)),
        9 => Of("BpfLruHashMap", Key(map, name), Value(map, name)),
        10 => Of("BpfLruPerCpuHashMap", Key(map, name), Value(map, name)),
        11 => Of("BpfLpmTrie", Key(map, name), Value(map, name)),
        12 => new(Maps + "BpfArrayOfMaps", [], Inner(map, name)),
        13 => Key(map, name) is { } key ? new(Maps + "BpfHashOfMaps", [key], Inner(map, name)) : MapTypeModel.Bytes,
        22 => Of("BpfQueue", Value(map, name)),
        23 => Of("BpfStack", Value(map, name)),
        24 or 28 or 29 or 32 => Of("BpfLocalStorage", Value(map, name)),
        27 => Events(map, name, Lib + "BpfRingBufferMap"),
        30 => Of("BpfBloomFilter", Value(map, name)),

        // Keys and values of these are numbers whose meaning is the kernel's: they need no types in the definition.
        8 or 14 or 15 or 16 or 17 or 18 or 20 or 25 => Of("BpfElementMap", Key(map, name) ?? Number(map.KeySize), Value(map, name) ?? Number(map.ValueSize)),
        7 or 19 => Of("BpfElementMap", Key(map, name) ?? Number(map.KeySize), Value(map, name)),
        _ => MapTypeModel.Bytes,
    };

    private static MapTypeModel Of(string kind, params TypeRef?[] arguments) =>
        arguments.Contains(null) ? MapTypeModel.Bytes : new(Maps + kind, [.. arguments.Select(a => a!)]);

    private MapTypeModel Inner(BpfMapSpec map, string name) =>
        map.InnerMap is { Type: not (12 or 13) } inner ? Type(inner, name + "Inner") : MapTypeModel.Bytes;

    private static TypeRef? Number(uint size) => size switch
    {
        4 => s_uint,
        8 => s_ulong,
        _ => null,
    };

    private TypeRef? Key(BpfMapSpec map, string name) => map.KeyTypeId == 0 ? null : Stored(_types?.Add(map.KeyTypeId, name + "Key"), map.KeySize);

    private TypeRef? Value(BpfMapSpec map, string name) => map.ValueTypeId == 0 ? null : Stored(_types?.Add(map.ValueTypeId, name + "Value"), map.ValueSize);

    // A bool is a byte in memory. A type that is not as large as the map says is of no use.
    private static TypeRef? Stored(TypeRef? type, uint size) => type switch
    {
        null => null,
        { Kind: TypeRefKind.Boolean } => new(TypeRefKind.Integer, "byte", 1, 1),
        _ => type.Size == size ? type : null,
    };

    private MapTypeModel Events(BpfMapSpec map, string name, string kind)
    {
        if (_types is null)
            return MapTypeModel.Bytes;
        TypeRef? type = null;
        string? wanted = _options.EventTypes.GetValueOrDefault(map.Name)
            ?? (map.EventTypeId != 0 ? null : _types.TagList(map.VariableId).FirstOrDefault(t => t.StartsWith(EventTag, StringComparison.Ordinal))?[EventTag.Length..].Trim());
        if (wanted is not null)
        {
            type = _types.FindByName(wanted) is { } id ? _types.Add(id, name + "Record") : null;
            if (type is null)
                _diagnostics.Add(SkeletonDiagnostics.NoEventType(map.Name, wanted));
        }
        else if (map.EventTypeId != 0)
        {
            type = _types.Add(map.EventTypeId, name + "Record");
        }

        if (type is { Kind: TypeRefKind.Boolean })
            type = Stored(type, 1);
        return type is null ? MapTypeModel.Bytes : new(kind, [type]);
    }
}
