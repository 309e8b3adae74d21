using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Skeleton.Diagnostics;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Naming;

namespace LibbpfSharp.Skeleton.Types;

/// <summary>
/// Makes the model of the C# types for types in BTF. What is reached by value is generated too; what is only pointed to is
/// not, unless it is asked for.
/// </summary>
public sealed partial class TypeSetBuilder
{
    /// <summary>The runtime refuses value types beyond this many bytes.</summary>
    internal const uint MaxSize = 1 << 20;

    private static readonly string[] s_objectMembers =
        ["Equals", "GetHashCode", "ToString", "GetType", "MemberwiseClone", "ReferenceEquals", "Finalize", "ByteSize", "LayoutCheck"];

    private readonly BtfData _btf;
    private readonly BtfCDumper _c;
    private readonly NameScope _names;
    private readonly List<TypeModel> _types = [];
    private readonly List<SkeletonDiagnostic> _diagnostics = [];
    private readonly Dictionary<uint, TypeRef?> _known = [];
    private readonly Dictionary<(string Element, uint Length, bool Text), TypeRef> _arrays = [];
    private readonly Dictionary<uint, string> _namesById = [];
    private readonly List<(string Type, EnumValueModel Value)> _constants = [];
    private readonly NameScope _constantNames = new("Constants", "Equals", "ReferenceEquals");
    private readonly Dictionary<(uint Type, int Component), List<string>> _tags = [];

    /// <summary>Starts.</summary>
    /// <param name="btf">The object's BTF.</param>
    /// <param name="reserved">Names that generated types must not have.</param>
    public TypeSetBuilder(BtfData btf, params IEnumerable<string> reserved)
    {
        _btf = btf;
        _c = new(btf, TextWriter.Null);
        _names = new([.. reserved, "LayoutCheck", "Constants"]);
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            BtfType tag = btf[id];
            if (tag.Kind != BtfKind.DeclTag)
                continue;
            if (!_tags.TryGetValue((tag.TypeId, tag.ComponentIndex), out List<string>? list))
                _tags.Add((tag.TypeId, tag.ComponentIndex), list = []);
            list.Add(tag.Name);
        }
    }

    /// <summary>Adds a type and all that it contains.</summary>
    /// <param name="id">The type's id.</param>
    /// <param name="hint">Name in C# to give it if it has none in C.</param>
    /// <returns>How to use it; null if C# has nothing for it (void, functions, types too large).</returns>
    public TypeRef? Add(uint id, string hint = "Value") => Resolve(id, hint, 0);

    /// <summary>Finds a struct, union, enumeration or typedef.</summary>
    /// <param name="name">Its name in C, with or without <c>struct</c>, <c>union</c> or <c>enum</c>.</param>
    /// <returns>Its id, or null.</returns>
    public uint? FindByName(string name)
    {
        string[] words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2)
            return null;
        foreach (uint id in _btf.FindAllByName(words[^1]))
        {
            BtfType type = _btf[id];
            bool fits = words.Length == 1
                ? type.IsComposite || type.IsAnyEnum || type.Kind is BtfKind.Typedef or BtfKind.Int
                : words[0] switch
                {
                    "struct" => type.Kind == BtfKind.Struct,
                    "union" => type.Kind == BtfKind.Union,
                    "enum" => type.IsAnyEnum,
                    _ => false,
                };
            if (fits)
                return id;
        }

        return null;
    }

    /// <summary>The model of a struct, which is added if it is not there.</summary>
    /// <param name="id">Its id; typedefs are followed.</param>
    /// <returns>The model; null if it is no struct, or too large.</returns>
    public StructModel? StructOf(uint id) =>
        Add(id) is { Kind: TypeRefKind.Struct } type ? _types.OfType<StructModel>().FirstOrDefault(t => t.Name == type.Name) : null;

    /// <summary>The type of an array's elements.</summary>
    /// <param name="array">A use of an array.</param>
    /// <returns>It, or null.</returns>
    public TypeRef? ElementOf(TypeRef array) => _types.OfType<ArrayModel>().FirstOrDefault(t => t.Name == array.Name) is { IsText: false } model ? model.Element : null;

    /// <summary>Whether a use is a pointer to a function.</summary>
    /// <param name="type">The use.</param>
    /// <returns>True if so.</returns>
    public bool IsFunctionPointer(TypeRef type) => type is { Kind: TypeRefKind.Pointer, Pointee: not 0 } && _btf[_btf.ResolveTypedefs(type.Pointee)].Kind == BtfKind.FuncProto;

    /// <summary>Declaration tags.</summary>
    /// <param name="id">Id of a type, variable or function.</param>
    /// <param name="component">Number of a member or parameter; -1 for the whole.</param>
    /// <returns>Their texts.</returns>
    public IReadOnlyList<string> TagList(uint id, int component = -1) => _tags.TryGetValue((id, component), out List<string>? list) ? list : [];

    /// <summary>Declaration tags as one text.</summary>
    /// <param name="id">Id of a type, variable or function.</param>
    /// <param name="component">Number of a member or parameter; -1 for the whole.</param>
    /// <returns>Their texts with commas; empty for none.</returns>
    public string Tags(uint id, int component = -1) => string.Join(", ", TagList(id, component));

    /// <summary>Adds all structs, unions, enumerations and typedefs with a name.</summary>
    /// <param name="pattern">The name, in which * stands for any text.</param>
    public void AddByName(string pattern)
    {
        bool any = false;
        for (uint id = 1; id < _btf.TypeCount; id++)
        {
            BtfType type = _btf[id];
            if ((type.IsComposite || type.IsAnyEnum || type.Kind == BtfKind.Typedef) && type.NameOffset != 0
                && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, type.Name, ignoreCase: false))
            {
                Add(id);
                any = true;
            }
        }

        if (!any)
            _diagnostics.Add(SkeletonDiagnostics.NotFound(pattern));
    }

    /// <summary>The types so far.</summary>
    /// <returns>The model.</returns>
    public TypeSet Build()
    {
        IReadOnlyList<TypeModel> types = _constants.Count == 0 ? [.. _types] : [.. _types, new ConstantsModel("Constants", [.. _constants])];
        return new(types, _namesById, [.. _diagnostics]);
    }

    private static string CName(BtfType type, string typedef) => type.Kind switch
    {
        _ when type.NameOffset == 0 && typedef.Length != 0 => typedef,
        BtfKind.Union => $"union {Name(type)}",
        BtfKind.Enum or BtfKind.Enum64 => $"enum {Name(type)}",
        _ => $"struct {Name(type)}",
    };

    private static string Name(BtfType type) => type.NameOffset == 0 ? "(anonymous)" : type.Name;

    private TypeRef? Resolve(uint id, string hint, int depth)
    {
        string typedef = "";
        for (int i = 0; i < 64; i++)
        {
            BtfType type = _btf[id];
            if (type.Kind == BtfKind.Typedef)
                typedef = type.Name;
            else if (!type.IsModifier && type.Kind is not (BtfKind.Var or BtfKind.DeclTag))
                return Resolve(type, typedef, hint, depth);
            id = type.TypeId;
        }

        return null;
    }

    private TypeRef? Resolve(BtfType type, string typedef, string hint, int depth)
    {
        switch (type.Kind)
        {
            case BtfKind.Int:
                return OfInt(type);
            case BtfKind.Float:
                return type.Size switch
                {
                    2 => new(TypeRefKind.Float, "global::System.Half", 2, 2, true),
                    4 => new(TypeRefKind.Float, "float", 4, 4, true),
                    8 => new(TypeRefKind.Float, "double", 8, 8, true),
                    _ => null,
                };
            case BtfKind.Ptr:
                return new(TypeRefKind.Pointer, "global::LibbpfSharp.CTypes.BpfPtr", 8, 8, Pointee: type.TypeId);
            case BtfKind.Array:
                return OfArray(type, hint, depth);
            case BtfKind.Enum or BtfKind.Enum64:
                return Known(type, () => OfEnum(type, typedef));
            case BtfKind.Struct or BtfKind.Union when depth < 64:
                return Known(type, () => OfStruct(type, typedef, hint, depth));
            default:
                return null;
        }
    }

    private TypeRef? Known(BtfType type, Func<TypeRef?> make)
    {
        if (_known.TryGetValue(type.Id, out TypeRef? known))
            return known;
        _known.Add(type.Id, null); // ends a struct that contains itself
        return _known[type.Id] = make();
    }

    private static TypeRef? OfInt(BtfType type)
    {
        if ((type.IntEncoding & BtfIntEncoding.Bool) != 0 && type.Size == 1)
            return new(TypeRefKind.Boolean, "bool", 1, 1);
        bool signed = type.IsSignedInt;
        string? name = type.Size switch
        {
            1 => signed ? "sbyte" : "byte",
            2 => signed ? "short" : "ushort",
            4 => signed ? "int" : "uint",
            8 => signed ? "long" : "ulong",
            16 => signed ? "global::System.Int128" : "global::System.UInt128",
            _ => null,
        };
        return name is null ? null : new(TypeRefKind.Integer, name, type.Size, (int)type.Size, signed);
    }

    private TypeRef? OfArray(BtfType type, string hint, int depth)
    {
        if (type.ElementCount == 0 || !_btf.TryGetSize(type.Id, out uint size) || size == 0)
            return null;
        if (size > MaxSize)
        {
            _diagnostics.Add(SkeletonDiagnostics.TooLarge(Declaration(type.Id, ""), size));
            return null;
        }

        BtfType element = _btf[_btf.ResolveTypedefs(type.ElementTypeId)];
        bool text = element is { Kind: BtfKind.Int, Size: 1, Name: "char" };
        TypeRef? of = text ? ByteRef : Resolve(type.ElementTypeId, hint, depth);
        return of is null ? null : ArrayOf(of, type.ElementCount, text, Declaration(type.Id, ""));
    }

    private static TypeRef ByteRef { get; } = new(TypeRefKind.Integer, "byte", 1, 1);

    private TypeRef ArrayOf(TypeRef element, uint length, bool text, string declaration)
    {
        // A bool in memory is a byte, and a pointer the same whatever it points to.
        TypeRef stored = element.Kind == TypeRefKind.Boolean ? ByteRef : element with { Pointee = 0 };
        if (_arrays.TryGetValue((stored.Name, length, text), out TypeRef? known))
            return known;
        string name = _names.Take(text ? $"Text{length}" : $"{ShortName(stored)}Array{length}");
        TypeRef array = new(TypeRefKind.Array, name, stored.Size * length, stored.Alignment, IsGenerated: true);
        _arrays.Add((stored.Name, length, text), array);
        _types.Add(new ArrayModel(name, declaration, array.Size, stored, length, text));
        return array;
    }

    private static string ShortName(TypeRef type) => type.Name switch
    {
        "byte" => "Byte",
        "sbyte" => "SByte",
        "short" => "Int16",
        "ushort" => "UInt16",
        "int" => "Int32",
        "uint" => "UInt32",
        "long" => "Int64",
        "ulong" => "UInt64",
        "float" => "Single",
        "double" => "Double",
        _ => type.Name[(type.Name.LastIndexOf('.') + 1)..],
    };

    private TypeRef? OfEnum(BtfType type, string typedef)
    {
        bool signed = type.IsSignedEnum;
        string? underlying = type.Size switch
        {
            1 => signed ? "sbyte" : "byte",
            2 => signed ? "short" : "ushort",
            4 => signed ? "int" : "uint",
            8 => signed ? "long" : "ulong",
            _ => null,
        };
        if (underlying is null)
            return null;
        TypeRef plain = new(TypeRefKind.Integer, underlying, type.Size, (int)type.Size, signed);
        List<(string Name, long Value)> values = [];
        foreach (BtfEnumValue value in type.EnumValues)
            values.Add((value.Name, value.Value));
        if (type.NameOffset == 0 && typedef.Length == 0)
        {
            foreach ((string cName, long value) in values)
                _constants.Add((underlying, new(_constantNames.Take(CSharpNames.Pascal(cName)), cName, Literal(value, type.Size, signed))));
            return plain;
        }

        if (values.Count == 0)
            return plain; // declared and never defined: only its size is known

        string prefix = CSharpNames.CommonPrefix([.. values.Select(v => v.Name)]);
        string name = _names.Take(CSharpNames.Pascal(type.NameOffset == 0 ? typedef : type.Name));
        NameScope scope = new("value__");
        bool flags = values.Count(v => v.Value != 0) > 1 && values.TrueForAll(v => v.Value == 0 || System.Numerics.BitOperations.IsPow2((ulong)v.Value));
        _types.Add(new EnumModel(name, CName(type, typedef), type.Size, underlying, flags,
            [.. values.Select(v => new EnumValueModel(scope.Take(CSharpNames.Pascal(v.Name[prefix.Length..])), v.Name, Literal(v.Value, type.Size, signed)))]));
        _namesById.Add(type.Id, name);
        return new(TypeRefKind.Enum, name, type.Size, (int)type.Size, signed, true);
    }

    private static string Literal(long value, uint size, bool signed) => (size, signed) switch
    {
        (1, true) => ((sbyte)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (1, false) => ((byte)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (2, true) => ((short)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (2, false) => ((ushort)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (4, true) => ((int)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (4, false) => ((uint)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (_, true) => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => ((ulong)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
