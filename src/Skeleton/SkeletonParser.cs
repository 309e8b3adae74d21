using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton.Diagnostics;
using LibbpfSharp.Skeleton.Model;
using LibbpfSharp.Skeleton.Naming;
using LibbpfSharp.Skeleton.Types;

namespace LibbpfSharp.Skeleton;

/// <summary>From an object file to the model of its skeleton.</summary>
internal sealed class SkeletonParser
{
    private static readonly string[] s_objectMembers =
        ["Object", "Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize"];

    private static readonly string[] s_members =
    [
        .. s_objectMembers, "Maps", "Programs", "Links", "StructOps", "ObjectBytes", "ObjectWords", "ObjectShape", "Open", "OpenAndLoad", "OpenPinned", "Pin", "Unpin",
        "Attach", "Detach", "Dispose", "Load", "Of",
    ];

    private static readonly string[] s_types = ["MapGroup", "ProgramGroup", "LinkGroup", "OpenMapGroup", "OpenProgramGroup", "StructOpsGroup"];

    private static readonly string[] s_sectionMembers =
    [
        .. s_objectMembers, "Bytes", "ReadOnlyBytes", "WritableBytes", "Resize", "VariableAt", "VariableBytesAt", "ConstantAt", "ConstantBytesAt", "ElementsAt", "ConstantElementsAt",
    ];

    private readonly BpfObjectFile _file;
    private readonly SkeletonOptions _options;
    private readonly string _className;
    private readonly TypeSetBuilder? _types;
    private readonly Dictionary<BpfMapSpec, string> _sectionNames = [];
    private readonly List<SkeletonDiagnostic> _diagnostics = [];

    private SkeletonParser(BpfObjectFile file, SkeletonOptions options)
    {
        _file = file;
        _options = options;
        if (!CSharpNames.IsNamespace(options.Namespace))
            throw SkeletonDiagnostics.Namespace(options.Namespace);
        if (options.ClassName is { } wanted && !CSharpNames.IsIdentifier(wanted))
            throw SkeletonDiagnostics.ClassName(wanted);
        _className = options.ClassName ?? CSharpNames.Pascal(options.ObjectName);
        if (s_members.Contains(_className) || s_types.Contains(_className))
            _className += "Object"; // a class cannot have a member of its own name
        NameScope names = new([_className, .. s_members, .. s_types]);
        foreach (BpfMapSpec map in file.Maps.Where(IsShown))
            _sectionNames.Add(map, names.Take(CSharpNames.Pascal(map.SectionName)));
        _types = file.Btf is null
            ? null
            : new(file.Btf, [_className, _className + "Open", _className + "View", .. s_members, .. s_types,
                .. _sectionNames.Values, .. _sectionNames.Values.Select(n => n + "Section"), .. _sectionNames.Values.Select(n => "Open" + n + "Section")]);
    }

    public static SkeletonModel Parse(BpfObjectFile file, SkeletonOptions options) => new SkeletonParser(file, options).Parse();

    private SkeletonModel Parse()
    {
        NameScope mapNames = new([.. s_objectMembers, "MapGroup", "OpenMapGroup"]);
        NameScope programNames = new([.. s_objectMembers, "ProgramGroup", "OpenProgramGroup", "LinkGroup", "All"]);
        MapParser parser = new(_file, _options, _types, _diagnostics);
        MapModel[] maps = [.. _file.Maps.Where(m => !m.IsInternal).Select(m => parser.Parse(m, mapNames.Take(CSharpNames.Pascal(m.Name))))];
        parser.CheckEventMaps();
        ProgramModel[] programs = [.. _file.Programs.Select(p => new ProgramModel(programNames.Take(CSharpNames.Pascal(p.Name)), p.Name, ProgramKinds.Find(p), p.SectionName, FunctionTags(p.Name)))];
        SectionModel[] sections = [.. _sectionNames.Select(s => Section(s.Key, s.Value))];

        // A struct_ops variable has a link, as programs have: its name must differ from theirs there.
        StructOpsModel[] structOps = [.. _file.Maps.Where(m => m.Kind == BpfMapSpecKind.StructOps).Select(m => StructOps(m, programNames)).OfType<StructOpsModel>()];
        foreach (string pattern in _options.ExtraTypes)
        {
            if (_types is not null)
                _types.AddByName(pattern);
            else
                _diagnostics.Add(SkeletonDiagnostics.NotFound(pattern));
        }

        TypeSet types = _types?.Build() ?? new([], new Dictionary<uint, string>(), []);
        return new(_options.Namespace, _className, _options.ObjectName, _options.IsPublic, _options.ObjectPath, BpfObjectShape.Describe(_file), maps, programs, sections, structOps,
            types with { Diagnostics = [.. types.Diagnostics, .. _diagnostics] });
    }

    private static bool IsShown(BpfMapSpec map) =>
        map.IsInternal && (map.SectionName is ".kconfig" || map.SectionName.Split('.') is ["", "data" or "bss" or "rodata", ..]);

    private string FunctionTags(string function) =>
        _file.Btf is { } btf && _types is not null && btf.TryFindByName(function, Formats.Btf.BtfKind.Func, out uint id) ? _types.Tags(id) : "";

    private SectionModel Section(BpfMapSpec map, string name)
    {
        NameScope names = new([.. s_sectionMembers, name + "Section", "Open" + name + "Section"]);
        List<VariableModel> variables = [];
        foreach (BpfVariableSpec variable in _file.Variables.Where(v => v.Map == map && !v.IsStatic))
        {
            string cs = names.Take(CSharpNames.Pascal(variable.Name));
            TypeRef? type = variable.TypeId == 0 ? null : _types?.Add(variable.TypeId, cs + "Type");
            string declaration = variable.TypeId == 0 || _types is null ? variable.Name : _types.Declaration(variable.TypeId, variable.Name);
            variables.Add(new(cs, variable.Name, declaration, type?.Size == variable.Size ? type : null, variable.Offset, variable.Size, _types?.Tags(variable.VariableId) ?? ""));
        }

        // An array that ends its section grows with it.
        int last = variables.FindIndex(v => v.Offset + v.Size == map.ValueSize);
        if (last >= 0 && variables[last].Type is { Kind: TypeRefKind.Array } array && _types!.ElementOf(array) is { } element)
            variables[last] = variables[last] with { Elements = (names.Take(variables[last].Name + "Elements"), element) };
        return new(name, map.SectionName, map.Kind is BpfMapSpecKind.ReadOnlyData or BpfMapSpecKind.Kconfig, variables);
    }

    private StructOpsModel? StructOps(BpfMapSpec map, NameScope names)
    {
        if (_types?.StructOf(map.ValueTypeId) is not { } type)
            return null;
        string name = names.Take(CSharpNames.Pascal(map.Name));
        NameScope members = new([.. s_objectMembers, name + "Shadow", "Definition", "Bytes", "MemberAt", "GetCallback", "SetCallback"]);
        return new(name, map.Name, type.CName, name + "Shadow",
            [.. type.Members.Where(m => m.Access is not (MemberAccess.Tail or MemberAccess.Kernel)).Select(m => new StructOpsMemberModel(m, members.Take(m.Name), _types.IsFunctionPointer(m.Type)))]);
    }
}
