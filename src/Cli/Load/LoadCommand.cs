using System.CommandLine;
using System.Text.Json;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Load;

/// <summary><c>load OBJ [--kernel linux|emulator] [--loader libbpf|managed] [--btf host|FILE] [--json]</c>: does it load?</summary>
internal static class LoadCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> file = new("OBJ") { Description = "BPF object file." };
        KernelOptions kernelOptions = new();
        Option<string?> loader = new("--loader") { Description = "'libbpf' or 'managed'. Default: libbpf where it is installed, else managed." };
        loader.AcceptOnlyFromAmong("libbpf", "managed");
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Command command = new("load", "Loads a BPF object and closes it again: tells for each map and program whether the kernel takes it. Attaches and pins nothing.")
        {
            file, kernelOptions.Kernel, loader, kernelOptions.Btf, json,
        };
        command.SetAction(parsed =>
        {
            IBpfKernel kernel = kernelOptions.GetKernel(parsed);
            BpfLoader kind = parsed.GetValue(loader) switch
            {
                "libbpf" => BpfLoader.Libbpf,
                "managed" => BpfLoader.Managed,
                _ => BpfLoader.Default,
            };
            if (kind == BpfLoader.Libbpf && kernel.IsEmulated)
            {
                console.Error.WriteLine("libbpfsharp: libbpf loads into Linux only; use --loader managed with the emulator.");
                return CliExit.Usage;
            }

            LoadReport report = LoadReport.Make(parsed.GetRequiredValue(file), kernel, kind, kernelOptions.GetBtfPath(parsed, kernel));
            if (parsed.GetValue(json))
                WriteJson(report, console);
            else
                WriteText(report, console);
            if (report.Error is not null)
                console.Error.WriteLine($"libbpfsharp: {report.Error}");
            return report.Error is null ? CliExit.Success : CliExit.LoadFailed;
        });
        return command;
    }

    private static void WriteText(LoadReport report, CliConsole console)
    {
        string[] row(LoadReport.Item item) => [item.Name, item.Type, Status(item, console)];
        console.Table("map", ["name", "type", "result"], [.. report.Maps.Select(row)]);
        console.Table("program", ["name", "type", "result"], [.. report.Programs.Select(row)]);
    }

    private static string Status(LoadReport.Item item, CliConsole console) => item.Status switch
    {
        LoadStatus.Ok => console.Good("ok"),
        LoadStatus.Failed => console.Bad(item.Error!),
        LoadStatus.Skipped => "skipped: not loaded by default",
        _ => "not loaded",
    };

    private static void WriteJson(LoadReport report, CliConsole console) => JsonText.Write(console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("kernel", report.Kernel);
        json.WriteString("loader", report.Loader switch { null => null, BpfLoader.Libbpf => "libbpf", _ => "managed" });
        json.WriteString("load", report.Error is null ? "ok" : "fail");
        json.WriteString("error", report.Error);
        json.WriteString("log", report.Log);
        WriteItems(json, "maps", report.Maps);
        WriteItems(json, "programs", report.Programs);
        json.WriteEndObject();
    });

    private static void WriteItems(Utf8JsonWriter json, string name, IReadOnlyList<LoadReport.Item> items)
    {
        json.WriteStartArray(name);
        foreach (LoadReport.Item item in items)
        {
            json.WriteStartObject();
            json.WriteString("name", item.Name);
            json.WriteString("type", item.Type);
            json.WriteString("result", item.Status switch
            {
                LoadStatus.Ok => "ok",
                LoadStatus.Failed => "fail",
                LoadStatus.Skipped => "skipped",
                _ => "not_loaded",
            });
            json.WriteString("error", item.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
