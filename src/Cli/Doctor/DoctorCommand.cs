using System.CommandLine;
using System.Text.Json;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Doctor;

/// <summary><c>doctor [--kernel linux|emulator] [--json] [--all]</c>: what this host allows, what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliConsole console)
    {
        KernelOptions kernelOptions = new();
        Option<bool> json = new("--json") { Description = "Write JSON, with all names." };
        Option<bool> all = new("--all") { Description = "List the helpers of each program type and the kfuncs by name." };
        Command command = new("doctor", "Tells what the kernel lets this process do, what is missing on this host, and what to do about it.") { kernelOptions.Kernel, json, all };
        command.SetAction(parsed =>
        {
            HostReport report = HostReport.Make(kernelOptions.GetKernel(parsed), isChosen: parsed.GetValue(kernelOptions.Kernel) is null);
            if (parsed.GetValue(json))
                WriteJson(report, console);
            else
                WriteText(report, console, parsed.GetValue(all));
            return CliExit.Success;
        });
        return command;
    }

    private static void WriteText(HostReport report, CliConsole console, bool all)
    {
        console.Table("kernel", ["name", "release", "architecture", "why"], [[report.Kernel, report.Release, report.Architecture, report.Reason ?? "as asked for"]]);
        console.Table(
            "host",
            ["item", "state", "what to do"],
            [.. report.Checks.Select(c => new[] { c.Name, c.IsGood ? console.Good(c.State) : console.Bad(c.State), c.Advice ?? "-" })]);
        console.Table("program type", ["name", "support"], [.. report.ProgramTypes.Select(f => Row(f, console))]);
        console.Table("map type", ["name", "support"], [.. report.MapTypes.Select(f => Row(f, console))]);
        console.Table("attach type", ["name", "support"], [.. report.AttachTypes.Select(f => Row(f, console))]);
        console.Table("link type", ["name", "support"], [.. report.LinkTypes.Select(f => Row(f, console))]);
        console.Table(
            "helpers",
            ["program type", "helpers"],
            [.. report.Helpers.Select(h => new[] { h.ProgramType, h.Refusal == BpfErrno.None ? HelperText(h, all) : console.Bad($"not permitted ({BpfErrnoText.Name(h.Refusal)})") })]);
        console.Table("kfuncs", ["of the kernel itself"], [.. (all ? report.Kfuncs : [report.Kfuncs.Count == 0 ? "not told (before 6.9)" : $"{report.Kfuncs.Count}; --all lists them"]).Select(k => new[] { k })]);
    }

    private static string HelperText(HostReport.HelperList helpers, bool all) =>
        all ? string.Join(' ', helpers.Supported) : $"{helpers.Supported.Count}{(helpers.Supported.Count > 0 ? "; --all lists them" : "")}";

    private static string[] Row(BpfFeature feature, CliConsole console) =>
    [
        feature.Name,
        feature.Support switch
        {
            BpfFeatureSupport.Supported => console.Good("supported"),
            BpfFeatureSupport.Unsupported => console.Bad("unsupported"),
            _ => console.Bad($"not permitted ({BpfErrnoText.Name(feature.Errno)})"),
        },
    ];

    private static void WriteJson(HostReport report, CliConsole console) => JsonText.Write(console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("kernel", report.Kernel);
        json.WriteString("release", report.Release);
        json.WriteString("architecture", report.Architecture);
        json.WriteString("reason", report.Reason);
        json.WriteStartArray("checks");
        foreach (HostReport.Check check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteBoolean("ok", check.IsGood);
            json.WriteString("state", check.State);
            json.WriteString("advice", check.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteFeatures(json, "programTypes", report.ProgramTypes);
        WriteFeatures(json, "mapTypes", report.MapTypes);
        WriteFeatures(json, "attachTypes", report.AttachTypes);
        WriteFeatures(json, "linkTypes", report.LinkTypes);
        WriteHelpers(json, report.Helpers);
        json.WriteStartArray("kfuncs");
        foreach (string kfunc in report.Kfuncs)
            json.WriteStringValue(kfunc);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteHelpers(Utf8JsonWriter json, IReadOnlyList<HostReport.HelperList> lists)
    {
        json.WriteStartArray("helpers");
        foreach (HostReport.HelperList list in lists)
        {
            json.WriteStartObject();
            json.WriteString("programType", list.ProgramType);
            json.WriteString("support", list.Refusal == BpfErrno.None ? "supported" : "not_permitted");
            json.WriteNumber("errno", (int)list.Refusal);
            json.WriteStartArray("names");
            foreach (string name in list.Supported)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFeatures(Utf8JsonWriter json, string name, IReadOnlyList<BpfFeature> features)
    {
        json.WriteStartArray(name);
        foreach (BpfFeature feature in features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            json.WriteString("support", feature.Support switch
            {
                BpfFeatureSupport.Supported => "supported",
                BpfFeatureSupport.Unsupported => "unsupported",
                _ => "not_permitted",
            });
            json.WriteNumber("errno", (int)feature.Errno);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
