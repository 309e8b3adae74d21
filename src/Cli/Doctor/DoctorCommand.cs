using System.CommandLine;
using System.Text.Json;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Doctor;

/// <summary><c>doctor [--kernel linux|emulator] [--json]</c>: what this host allows, what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliConsole console)
    {
        KernelOptions kernelOptions = new();
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("doctor", "Tells what the kernel lets this process do, what is missing on this host, and what to do about it.") { kernelOptions.Kernel, json };
        command.SetAction(parsed =>
        {
            HostReport report = HostReport.Make(kernelOptions.GetKernel(parsed), isChosen: parsed.GetValue(kernelOptions.Kernel) is null);
            if (parsed.GetValue(json))
                WriteJson(report, console);
            else
                WriteText(report, console);
            return CliExit.Success;
        });
        return command;
    }

    private static void WriteText(HostReport report, CliConsole console)
    {
        console.Table("kernel", ["name", "release", "architecture", "why"], [[report.Kernel, report.Release, report.Architecture, report.Reason ?? "as asked for"]]);
        console.Table(
            "host",
            ["item", "state", "what to do"],
            [.. report.Checks.Select(c => new[] { c.Name, c.IsGood ? console.Good(c.State) : console.Bad(c.State), c.Advice ?? "-" })]);
        console.Table("program type", ["name", "support"], [.. report.ProgramTypes.Select(f => Row(f, console))]);
        console.Table("map type", ["name", "support"], [.. report.MapTypes.Select(f => Row(f, console))]);
    }

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
        json.WriteEndObject();
    });

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
