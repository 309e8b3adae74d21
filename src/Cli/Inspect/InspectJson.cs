using System.Text.Json;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Elf;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Cli.Inspect;

/// <summary>Writes an object as JSON (docs/inspect.schema.json). Absent values are null; nothing depends on the machine.</summary>
internal sealed class InspectJson
{
    private readonly BpfObjectFile _file;
    private readonly Utf8JsonWriter _json;

    private InspectJson(BpfObjectFile file, Utf8JsonWriter json)
    {
        _file = file;
        _json = json;
    }

    public static void Write(BpfObjectFile file, TextWriter output) => JsonText.Write(output, json => new InspectJson(file, json).WriteObject());

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private void WriteObject()
    {
        IReadOnlyList<BpfKernelRequirement> requirements = BpfKernelRequirement.Of(_file);
        _json.WriteStartObject();
        _json.WriteString("name", _file.Name);
        _json.WriteString("sha256", Hex(_file.ContentHash.Span));
        _json.WriteString("license", _file.License);
        if (_file.KernelVersion is { } version)
            _json.WriteNumber("kernelVersion", version);
        else
            _json.WriteNull("kernelVersion");
        _json.WriteString("minimumKernel", requirements.Count == 0 ? null : requirements[0].Version.ToString());
        WriteArray("requirements", requirements, r =>
        {
            _json.WriteString("version", r.Version.ToString());
            _json.WriteString("feature", r.Feature);
            _json.WriteString("usedBy", r.UsedBy);
        });
        WriteArray("sections", _file.Elf.Sections.Where(s => s.Index != 0), s =>
        {
            _json.WriteNumber("index", s.Index);
            _json.WriteString("name", s.Name);
            _json.WriteNumber("type", (uint)s.Type);
            _json.WriteNumber("flags", s.Flags);
            _json.WriteNumber("size", s.Size);
        });
        WriteArray("maps", _file.Maps, WriteMap);
        WriteArray("programs", _file.Programs, WriteProgram);
        WriteArray("functions", _file.Functions, WriteFunction);
        WriteArray("variables", _file.Variables, WriteVariable);
        WriteArray("externs", _file.Externs, WriteExtern);
        WriteArray("types", NamedTypes(), t =>
        {
            _json.WriteNumber("id", t.Id);
            _json.WriteString("kind", KindName(t.Kind));
            _json.WriteString("name", t.Name);
            if (_file.Btf!.TryGetSize(t.Id, out uint size))
                _json.WriteNumber("size", size);
            else
                _json.WriteNull("size");
        });
        WriteArray("coreRelocations", _file.Functions.SelectMany(f => f.CoreRelocations.Select(r => (f, r))), x => WriteCore(x.f, x.r));
        _json.WriteEndObject();
    }

    private IEnumerable<BtfType> NamedTypes()
    {
        for (uint id = 1; _file.Btf is not null && id < _file.Btf.TypeCount; id++)
        {
            BtfType type = _file.Btf[id];
            if (type.NameOffset != 0 && (type.IsComposite || type.IsAnyEnum || type.Kind is BtfKind.Typedef or BtfKind.Fwd))
                yield return type;
        }
    }

    private static string KindName(BtfKind kind) => kind.ToString().ToLowerInvariant();

    private void WriteMap(BpfMapSpec map)
    {
        _json.WriteString("name", map.Name);
        _json.WriteString("section", map.SectionName);
        _json.WriteString("kind", map.Kind switch
        {
            BpfMapSpecKind.User => "user",
            BpfMapSpecKind.Data => "data",
            BpfMapSpecKind.ReadOnlyData => "rodata",
            BpfMapSpecKind.Bss => "bss",
            BpfMapSpecKind.Kconfig => "kconfig",
            _ => "struct_ops",
        });
        WriteMapDefinition(map);
        _json.WriteString("pinning", map.PinByName ? "by_name" : "none");
        _json.WriteBoolean("autoCreate", map.AutoCreate);
        if (map.InnerMap is { } inner)
        {
            _json.WriteStartObject("inner");
            WriteMapDefinition(inner);
            _json.WriteEndObject();
        }
        else
        {
            _json.WriteNull("inner");
        }

        WriteArray("values", map.InitialSlots, s =>
        {
            _json.WriteNumber("index", s.Index);
            _json.WriteString("map", s.Map?.Name);
            _json.WriteString("program", s.Program?.Name);
        });
        WriteArray("callbacks", map.StructOpsPrograms, p =>
        {
            _json.WriteString("member", p.Member);
            _json.WriteString("program", p.Program.Name);
        });
    }

    private void WriteMapDefinition(BpfMapSpec map)
    {
        _json.WriteString("type", BpfTypeNames.GetMapType(map.Type));
        _json.WriteNumber("keySize", map.KeySize);
        _json.WriteNumber("valueSize", map.ValueSize);
        _json.WriteNumber("maxEntries", map.MaxEntries);
        _json.WriteNumber("flags", map.Flags);
        _json.WriteNumber("mapExtra", map.MapExtra);
        _json.WriteNumber("numaNode", map.NumaNode);
        _json.WriteString("keyType", CTypeNames.Spell(_file.Btf, map.KeyTypeId));
        _json.WriteString("valueType", map.IsInternal ? null : CTypeNames.Spell(_file.Btf, map.ValueTypeId));
    }

    private void WriteProgram(BpfProgramSpec program)
    {
        ProgramUses uses = new(BpfProgramLinker.Link(program));
        BpfSectionName section = program.Section;
        _json.WriteString("name", program.Name);
        _json.WriteString("section", program.SectionName);
        _json.WriteString("type", section.IsKnown ? BpfTypeNames.GetProgramType(program.ProgramType) : null);
        _json.WriteString("attachType", program.ExpectedAttachType is { } attach ? BpfTypeNames.GetAttachType(attach) : null);
        _json.WriteString("attachKind", section.IsKnown ? section.AttachKind.ToString() : null);
        _json.WriteString("target", section.Target.Length == 0 ? null : section.Target);
        _json.WriteBoolean("sleepable", section.IsSleepable);
        _json.WriteBoolean("autoLoad", program.AutoLoad);
        _json.WriteString("advice", section.Advice);
        _json.WriteNumber("instructions", program.Function.Length);
        _json.WriteNumber("linkedInstructions", uses.Linked.Instructions.Length);
        WriteStrings("subprograms", uses.Subprograms);
        WriteStrings("maps", uses.Maps);
        WriteStrings("externs", uses.Externs);
        WriteStrings("helpers", uses.Helpers);
    }

    private void WriteFunction(BpfFunctionSpec function)
    {
        _json.WriteString("name", function.Name);
        _json.WriteString("section", function.SectionName);
        _json.WriteNumber("start", function.Start);
        _json.WriteNumber("instructions", function.Length);
        _json.WriteBoolean("global", function.IsGlobal);
        _json.WriteBoolean("hidden", function.IsHidden);
    }

    private void WriteVariable(BpfVariableSpec variable)
    {
        _json.WriteString("name", variable.Name);
        _json.WriteString("section", variable.SectionName);
        _json.WriteString("map", variable.Map.Name);
        _json.WriteNumber("offset", variable.Offset);
        _json.WriteNumber("size", variable.Size);
        _json.WriteString("type", CTypeNames.Spell(_file.Btf, variable.TypeId));
        _json.WriteBoolean("static", variable.IsStatic);
        _json.WriteBoolean("weak", variable.IsWeak);
    }

    private void WriteExtern(BpfExternSpec spec)
    {
        _json.WriteString("name", spec.Name);
        _json.WriteString("kind", spec.Kind switch
        {
            BpfExternKind.Kconfig => "kconfig",
            BpfExternKind.Kfunc => "kfunc",
            BpfExternKind.TypedKernelVariable => "variable",
            _ => "symbol",
        });
        _json.WriteBoolean("weak", spec.IsWeak);
        _json.WriteString("type", CTypeNames.Spell(_file.Btf, spec.TypeId));
        if (spec.Kind == BpfExternKind.Kconfig)
        {
            _json.WriteNumber("offset", spec.Offset);
            _json.WriteNumber("size", spec.Size);
        }
        else
        {
            _json.WriteNull("offset");
            _json.WriteNull("size");
        }
    }

    private void WriteCore(BpfFunctionSpec function, CoreRelocation relocation)
    {
        BtfLineInfo? line = CoreRelocationText.Line(function, relocation);
        _json.WriteString("function", function.Name);
        _json.WriteNumber("instruction", CoreRelocationText.Instruction(relocation));
        _json.WriteString("kind", CoreRelocationText.Kind(relocation.Kind));
        _json.WriteNumber("typeId", relocation.TypeId);
        _json.WriteString("access", CoreRelocationText.Access(_file.Btf!, relocation));
        _json.WriteString("target", CoreRelocationText.Target(_file.Btf!, relocation));
        _json.WriteString("file", line is { } l ? _file.Btf!.GetString(l.FileNameOffset) : null);
        if (line is { } found)
            _json.WriteNumber("line", found.Line);
        else
            _json.WriteNull("line");
    }

    private void WriteArray<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        _json.WriteStartArray(name);
        foreach (T item in items)
        {
            _json.WriteStartObject();
            write(item);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteStrings(string name, string[] items)
    {
        _json.WriteStartArray(name);
        foreach (string item in items)
            _json.WriteStringValue(item);
        _json.WriteEndArray();
    }
}
