using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.CoRe;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Cli.Inspect;

/// <summary>Writes an object for people: tables on a terminal, a line per thing in a pipe.</summary>
internal static class InspectText
{
    public static void Write(BpfObjectFile file, CliConsole console)
    {
        IReadOnlyList<BpfKernelRequirement> requirements = BpfKernelRequirement.Of(file);
        string minimum = requirements.Count == 0 ? "unknown" : $"Linux {requirements[0].Version} ({requirements[0].Feature}, used by {requirements[0].UsedBy})";
        console.Table(
            "object",
            ["name", "license", "minimum kernel"],
            [[file.Name, file.License.Length == 0 ? "-" : file.License, minimum]]);
        console.Table(
            "map",
            ["name", "section", "type", "key", "value", "max entries", "flags", "key type", "value type", "more"],
            [.. file.Maps.Select(m => MapRow(file, m))]);
        console.Table(
            "program",
            ["name", "section", "type", "attach type", "instructions", "with subprograms", "helpers"],
            [.. file.Programs.Select(ProgramRow)]);
        console.Table(
            "variable",
            ["section", "offset", "size", "name", "type", "linkage"],
            [.. file.Variables.Select(v => new[] { v.SectionName, $"{v.Offset}", $"{v.Size}", v.Name, CTypeNames.Spell(file.Btf, v.TypeId) ?? "-", v.IsStatic ? "static" : v.IsWeak ? "weak" : "global" })]);
        console.Table(
            "extern",
            ["name", "kind", "weak", "type"],
            [.. file.Externs.Select(e => new[] { e.Name, e.Kind.ToString(), e.IsWeak ? "weak" : "-", CTypeNames.Spell(file.Btf, e.TypeId) ?? "void" })]);
        console.Table(
            "core",
            ["function", "instruction", "kind", "target", "access", "line"],
            [.. file.Functions.SelectMany(f => f.CoreRelocations.Select(r => CoreRow(file, f, r)))]);
        console.Table(
            "section",
            ["index", "name", "type", "size"],
            [.. file.Elf.Sections.Where(s => s.Index != 0).Select(s => new[] { $"{s.Index}", s.Name, s.Type.ToString(), $"{s.Size}" })]);
    }

    private static string[] MapRow(BpfObjectFile file, BpfMapSpec map)
    {
        List<string> more = [];
        if (map.PinByName)
            more.Add("pinned by name");
        if (map.MapExtra != 0)
            more.Add($"extra 0x{map.MapExtra:x}");
        if (map.InnerMap is { } inner)
            more.Add($"of {BpfTypeNames.GetMapType(inner.Type)} {inner.KeySize}:{inner.ValueSize} x {inner.MaxEntries}");
        foreach (BpfMapSlot slot in map.InitialSlots)
            more.Add($"[{slot.Index}]={slot.Map?.Name ?? slot.Program?.Name}");
        foreach (BpfStructOpsProgram callback in map.StructOpsPrograms)
            more.Add($".{callback.Member}={callback.Program.Name}");
        if (!map.AutoCreate)
            more.Add("not created by default");
        return
        [
            map.Name, map.SectionName, BpfTypeNames.GetMapType(map.Type), $"{map.KeySize}", $"{map.ValueSize}", $"{map.MaxEntries}", $"0x{map.Flags:x}",
            CTypeNames.Spell(file.Btf, map.KeyTypeId) ?? "-",
            (map.IsInternal ? null : CTypeNames.Spell(file.Btf, map.ValueTypeId)) ?? "-",
            more.Count == 0 ? "-" : string.Join(", ", more),
        ];
    }

    private static string[] ProgramRow(BpfProgramSpec program)
    {
        ProgramUses uses = new(BpfProgramLinker.Link(program));
        string type = program.Section.IsKnown ? BpfTypeNames.GetProgramType(program.ProgramType) : "unknown";
        return
        [
            program.Name, program.SectionName, type,
            program.ExpectedAttachType is { } attach ? BpfTypeNames.GetAttachType(attach) : "-",
            $"{program.Function.Length}", $"{uses.Linked.Instructions.Length}",
            uses.Helpers.Length == 0 ? "-" : string.Join(", ", uses.Helpers),
        ];
    }

    private static string[] CoreRow(BpfObjectFile file, BpfFunctionSpec function, CoreRelocation relocation)
    {
        BtfLineInfo? line = CoreRelocationText.Line(function, relocation);
        return
        [
            function.Name, $"{CoreRelocationText.Instruction(relocation)}", CoreRelocationText.Kind(relocation.Kind),
            CoreRelocationText.Target(file.Btf!, relocation), CoreRelocationText.Access(file.Btf!, relocation),
            line is { } l ? $"{file.Btf!.GetString(l.FileNameOffset)}:{l.Line}" : "-",
        ];
    }
}
