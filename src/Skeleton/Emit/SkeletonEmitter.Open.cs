using LibbpfSharp.Skeleton.Model;

namespace LibbpfSharp.Skeleton.Emit;

/// <content>The object before load.</content>
internal sealed partial class SkeletonEmitter
{
    private IEnumerable<SectionModel> OpenSections => _model.Sections.Where(s => !s.IsKconfig);

    private void EmitOpen()
    {
        Header($"The BPF object {Title} before load: variables, maps and programs can be changed.", Class + "Open", ": global::System.IDisposable");
        _out.Line($"internal {Class}Open({Lib}.BpfObjectOpen open)");
        _out.Open();
        _out.Line("Object = open;");
        _out.Line("Maps = new(open);");
        _out.Line("Programs = new(open);");
        if (_model.StructOps.Count > 0)
            _out.Line("StructOps = new(open);");
        foreach (SectionModel section in OpenSections)
            _out.Line($"{section.Name} = new(open);");
        _out.Close();
        _out.Line();
        Member("The object behind the names.", $"public {Lib}.BpfObjectOpen Object {{ get; }}");
        Member("The maps: sizes, flags, pins, maps to use in their place.", "public OpenMapGroup Maps { get; }");
        Member("The programs: whether they are loaded and attached, and attach targets.", "public OpenProgramGroup Programs { get; }");
        if (_model.StructOps.Count > 0)
            Member("The struct_ops variables: members, and which program is which callback.", "public StructOpsGroup StructOps { get; }");
        foreach (SectionModel section in OpenSections)
            Member($"The initial values of the variables of <c>{CodeWriter.Xml(section.CName)}</c>.", $"public Open{section.Name}Section {section.Name} {{ get; }}");
        _out.Summary("Creates the maps and loads the programs. This object cannot be used afterwards.");
        _out.Line("/// <returns>The loaded object.</returns>");
        _out.Line($"/// <exception cref=\"{Lib}.BpfException\">The kernel refused a map or a program.</exception>");
        _out.Line($"/// <exception cref=\"global::System.ObjectDisposedException\">It has been loaded, or disposed of.</exception>");
        _out.Line($"public {Class} Load() => {Class}.Of(Object.Load());");
        _out.Line();
        Member("Gives the object up, if it was not loaded.", "public void Dispose() => Object.Dispose();");
        Group("OpenMapGroup", "BpfObjectOpen", "The maps before load.", _model.Maps.Select(m =>
            ($"<c>{CodeWriter.Xml(m.CName)}</c>: {CodeWriter.Xml(m.Description)}.", $"public {Lib}.BpfMapDefinition {m.Name} => _object.Maps[{Quote(m.CName)}];")));
        Group("OpenProgramGroup", "BpfObjectOpen", "The programs before load.", _model.Programs.Select(p =>
            ($"<c>{CodeWriter.Xml(p.CName)}</c>, section <c>{CodeWriter.Xml(p.SectionName)}</c>.{CodeWriter.Tags(p.Tags)}", $"public {Lib}.BpfProgramDefinition {p.Name} => _object.Programs[{Quote(p.CName)}];")));
        EmitStructOps();
        foreach (SectionModel section in OpenSections)
            EmitOpenSection(section);
        _out.Close();
    }

    private void EmitOpenSection(SectionModel section)
    {
        string name = $"Open{section.Name}Section";
        _out.Summary($"The variables of <c>{CodeWriter.Xml(section.CName)}</c> before load.");
        _out.Line($"public sealed class {name} : {Runtime}.BpfSkeletonOpenSection");
        _out.Open();
        _out.Line($"internal {name}({Lib}.BpfObjectOpen open)");
        _out.Line($"    : base(open, {Quote(section.CName)})");
        _out.Open();
        _out.Close();
        foreach (VariableModel variable in section.Variables)
        {
            string cName = Quote(variable.CName);
            _out.Line();
            _out.Summary($"<c>{CodeWriter.Xml(variable.Declaration)}</c>.{CodeWriter.Tags(variable.Tags)}");
            if (variable.Type is null)
                _out.Line($"public global::System.Span<byte> {variable.Name} => VariableBytesAt({cName});");
            else if (variable.Type.Kind == TypeRefKind.Boolean)
                _out.Line($"public bool {variable.Name} {{ get => VariableAt<byte>({cName}) != 0; set => VariableAt<byte>({cName}) = value ? (byte)1 : (byte)0; }}");
            else
                _out.Line($"public ref {_types.Name(variable.Type)} {variable.Name} => ref VariableAt<{_types.Name(variable.Type)}>({cName});");
            if (variable.Elements is not { } elements)
                continue;
            _out.Line();
            _out.Summary($"The elements of <see cref=\"{variable.Name}\"/>, all that the section has room for.");
            _out.Line($"public global::System.Span<{_types.Name(elements.Type)}> {elements.Name} => ElementsAt<{_types.Name(elements.Type)}>({cName}, {variable.Offset});");
        }

        _out.Close();
        _out.Line();
    }

    private void EmitStructOps()
    {
        if (_model.StructOps.Count == 0)
            return;
        _out.Summary("The struct_ops variables before load.");
        _out.Line("public sealed class StructOpsGroup");
        _out.Open();
        _out.Line($"internal StructOpsGroup({Lib}.BpfObjectOpen open)");
        _out.Open();
        foreach (StructOpsModel table in _model.StructOps)
            _out.Line($"{table.Name} = new(open.Maps[{Quote(table.CName)}]);");
        _out.Close();
        foreach (StructOpsModel table in _model.StructOps)
        {
            _out.Line();
            _out.Summary($"<c>{CodeWriter.Xml($"{table.StructCName} {table.CName}")}</c>.");
            _out.Line($"public {table.ShadowName} {table.Name} {{ get; }}");
        }

        _out.Close();
        _out.Line();
        foreach (StructOpsModel table in _model.StructOps)
            EmitShadow(table);
    }

    private void EmitShadow(StructOpsModel table)
    {
        _out.Summary($"<c>{CodeWriter.Xml($"{table.StructCName} {table.CName}")}</c> before load: callbacks are programs of the object or null, other members can be changed in place.");
        _out.Line($"public sealed class {table.ShadowName} : {Runtime}.BpfStructOpsShadow");
        _out.Open();
        _out.Line($"internal {table.ShadowName}({Lib}.BpfMapDefinition definition)");
        _out.Line("    : base(definition)");
        _out.Open();
        _out.Close();
        foreach (StructOpsMemberModel entry in table.Members)
        {
            MemberModel member = entry.Member;
            string type = _types.Name(member.Type);
            _out.Line();
            _out.Summary($"<c>{CodeWriter.Xml(member.Declaration)}</c>{(entry.IsCallback ? ": the program that is called, or null" : "")}.{CodeWriter.Tags(member.Tags)}");
            if (entry.IsCallback)
            {
                _out.Line($"public {Lib}.BpfProgramDefinition? {entry.Name} {{ get => GetCallback({Quote(member.CName)}); set => SetCallback({Quote(member.CName)}, value); }}");
                continue;
            }

            switch (member.Access)
            {
                case MemberAccess.Bits:
                    string where = $"Bytes, {member.BitOffset}, {member.Bits}";
                    bool isBool = member.Type.Kind == TypeRefKind.Boolean;
                    string read = isBool ? $"global::LibbpfSharp.CTypes.BpfBits.Read({where}) != 0" : $"unchecked(({type})global::LibbpfSharp.CTypes.BpfBits.{(member.Type.IsSigned ? "ReadSigned" : "Read")}({where}))";
                    _out.Line($"public {type} {entry.Name} {{ get => {read}; set => global::LibbpfSharp.CTypes.BpfBits.Write({where}, {(isBool ? "value ? 1UL : 0UL" : "unchecked((ulong)value)")}); }}");
                    break;
                case MemberAccess.Property when member.Type.Kind == TypeRefKind.Boolean:
                    _out.Line($"public bool {entry.Name} {{ get => MemberAt<byte>({member.Offset}) != 0; set => MemberAt<byte>({member.Offset}) = value ? (byte)1 : (byte)0; }}");
                    break;
                case MemberAccess.Property:
                    string bytes = $"Bytes[{member.Offset}..]";
                    _out.Line($"public {type} {entry.Name} {{ get => global::System.Runtime.InteropServices.MemoryMarshal.Read<{type}>({bytes}); set => global::System.Runtime.InteropServices.MemoryMarshal.Write({bytes}, in value); }}");
                    break;
                default:
                    _out.Line($"public ref {type} {entry.Name} => ref MemberAt<{type}>({member.Offset});");
                    break;
            }
        }

        _out.Close();
        _out.Line();
    }
}
