using LibbpfSharp.Skeleton.Model;

namespace LibbpfSharp.Skeleton.Emit;

/// <content>Maps, programs, links and sections of the loaded object.</content>
internal sealed partial class SkeletonEmitter
{
    /// <summary>A nested class whose properties come from the object.</summary>
    private void Group(string name, string type, string summary, IEnumerable<(string Summary, string Code)> members, IEnumerable<string>? fields = null)
    {
        (string Summary, string Code)[] all = [.. members];
        _out.Summary(summary);
        _out.Line($"public sealed class {name}");
        _out.Open();
        if (all.Length != 0)
        {
            _out.Line($"private readonly {Lib}.{type} _object;");
            foreach (string field in fields ?? [])
                _out.Line(field);
            _out.Line();
        }

        _out.Line($"internal {name}({Lib}.{type} owner)");
        _out.Open();
        _out.Line(all.Length != 0 ? "_object = owner;" : "_ = owner;");
        _out.Close();
        foreach ((string text, string code) in all)
        {
            _out.Line();
            _out.Summary(text);
            _out.Line(code);
        }

        _out.Close();
        _out.Line();
    }

    private string MapType(MapTypeModel map)
    {
        if (map.Class is null)
            return $"{Maps}.BpfMap";
        IEnumerable<string> arguments = map.Arguments.Select(_types.Name);
        if (map.Inner is { } inner)
            arguments = arguments.Append(MapType(inner));
        string text = string.Join(", ", arguments);
        return text.Length == 0 ? map.Class : $"{map.Class}<{text}>";
    }

    // Views are made at first use: a map that was not created, or a program that was not loaded, is only missed then.
    private void EmitMaps() =>
        Group(
            "MapGroup",
            "BpfObject",
            "The maps.",
            _model.Maps.Select((m, i) => (
                $"<c>{CodeWriter.Xml(m.CName)}</c>: {CodeWriter.Xml(m.Description)}.",
                $"public {MapType(m.Type)} {m.Name} => {(m.Type.Class is null ? $"_object.Maps[{Quote(m.CName)}]" : $"_map{i} ??= {MapType(m.Type)}.Bind(_object.Maps[{Quote(m.CName)}])")};")),
            _model.Maps.Select((m, i) => (m, i)).Where(p => p.m.Type.Class is not null).Select(p => $"private {MapType(p.m.Type)}? _map{p.i};"));

    private void EmitPrograms() =>
        Group(
            "ProgramGroup",
            "BpfObject",
            "The programs, each with the attach calls of its kind.",
            _model.Programs.Select((p, i) => (
                $"<c>{CodeWriter.Xml(p.CName)}</c>, section <c>{CodeWriter.Xml(p.SectionName)}</c>.{CodeWriter.Tags(p.Tags)}",
                $"public {Lib}.{p.Kind ?? "BpfProgram"} {p.Name} => {(p.Kind is null ? $"_object.Programs[{Quote(p.CName)}]" : $"_program{i} ??= new(_object.Programs[{Quote(p.CName)}])")};")),
            _model.Programs.Select((p, i) => (p, i)).Where(x => x.p.Kind is not null).Select(x => $"private {Lib}.{x.p.Kind}? _program{x.i};"));

    private void EmitLinks()
    {
        _out.Summary("The links: null for what is not attached. A link that is put here is disposed of with the skeleton.");
        _out.Line("public sealed class LinkGroup");
        _out.Open();
        _out.Line($"internal LinkGroup({Lib}.BpfObject owner)");
        _out.Open();
        _out.Line("All = new(owner);");
        _out.Close();
        _out.Line();
        _out.Line($"internal {Runtime}.BpfSkeletonLinks All {{ get; }}");
        foreach ((string name, string cName) in _model.Programs.Select(p => (p.Name, p.CName)).Concat(_model.StructOps.Select(s => (s.Name, s.CName))))
        {
            _out.Line();
            _out.Summary($"The link of <c>{CodeWriter.Xml(cName)}</c>.");
            _out.Line($"public {Lib}.BpfLink? {name}");
            _out.Open();
            _out.Line($"get => All[{Quote(cName)}];");
            _out.Line($"set => All[{Quote(cName)}] = value;");
            _out.Close();
        }

        _out.Close();
        _out.Line();
    }

    private void EmitSection(SectionModel section)
    {
        string name = section.Name + "Section";
        string data = section.IsReadOnly ? "BpfSkeletonSection" : "BpfSkeletonDataSection";
        _out.Summary($"The variables of <c>{CodeWriter.Xml(section.CName)}</c>.");
        _out.Line($"public sealed class {name} : {Runtime}.{data}");
        _out.Open();
        string variables = string.Join(", ", section.Variables.Select(v => $"new({Quote(v.CName)}, {v.Size})"));
        _out.Line($"private static readonly {Runtime}.BpfSkeletonVariable[] s_variables = [{variables}];");
        _out.Line();
        _out.Line($"internal {name}({Lib}.BpfObject owner)");
        _out.Line($"    : base(owner, {Quote(section.CName)}, s_variables)");
        _out.Open();
        _out.Close();
        for (int i = 0; i < section.Variables.Count; i++)
        {
            VariableModel variable = section.Variables[i];
            _out.Line();
            _out.Summary($"<c>{CodeWriter.Xml(variable.Declaration)}</c>.{CodeWriter.Tags(variable.Tags)}");
            _out.Line(Variable(variable, i, section.IsReadOnly));
            if (variable.Elements is not { } elements)
                continue;
            string span = section.IsReadOnly ? "ReadOnlySpan" : "Span";
            _out.Line();
            _out.Summary($"The elements of <see cref=\"{variable.Name}\"/>, all that the section has room for if it was resized before load.");
            _out.Line($"public global::System.{span}<{_types.Name(elements.Type)}> {elements.Name} => {(section.IsReadOnly ? "ConstantElementsAt" : "ElementsAt")}<{_types.Name(elements.Type)}>({i});");
        }

        _out.Close();
        _out.Line();
    }

    private string Variable(VariableModel variable, int index, bool isReadOnly)
    {
        if (variable.Type is null)
            return $"public global::System.{(isReadOnly ? "ReadOnlySpan" : "Span")}<byte> {variable.Name} => {(isReadOnly ? "ConstantBytesAt" : "VariableBytesAt")}({index});";
        string type = _types.Name(variable.Type);
        if (variable.Type.Kind == TypeRefKind.Boolean)
        {
            return isReadOnly
                ? $"public bool {variable.Name} => ConstantAt<byte>({index}) != 0;"
                : $"public bool {variable.Name} {{ get => ConstantAt<byte>({index}) != 0; set => VariableAt<byte>({index}) = value ? (byte)1 : (byte)0; }}";
        }

        return isReadOnly
            ? $"public ref readonly {type} {variable.Name} => ref ConstantAt<{type}>({index});"
            : $"public ref {type} {variable.Name} => ref VariableAt<{type}>({index});";
    }
}
