using System.Text.Json;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Run;

/// <summary>Writes what runs gave: JSON with hex strings, or lines.</summary>
internal static class RunOutput
{
    public static void WriteText(RunReport report, CliConsole console)
    {
        console.Table(
            "run",
            ["program", "result", "packet"],
            [.. report.Runs.Select(r => new[] { r.Program, r.ReturnValue is { } value ? $"{value}" : console.Bad(BpfErrnoText.Name((BpfErrno)r.Errno)), r.DataOut is null ? "-" : $"{r.DataOut.Length} bytes" })]);
        foreach (MapDump map in report.Maps)
        {
            console.Table(
                $"map {map.Name}",
                ["key", "value"],
                map.Entries is null ? [["-", $"{map.Type} cannot be listed"]] : [.. map.Entries.Select(e => new[] { Hex(e.Key), Hex(e.Value) })]);
        }
    }

    public static void WriteJson(RunReport report, CliConsole console) => JsonText.Write(console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("kernel", report.Kernel);
        json.WriteString("load", report.Error is null ? "ok" : "fail");
        json.WriteString("error", report.Error);
        json.WriteStartArray("runs");
        foreach (RunReport.Run run in report.Runs)
            WriteRun(json, run);
        json.WriteEndArray();
        json.WriteStartObject("maps");
        foreach (MapDump map in report.Maps)
            WriteMap(json, map);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static void WriteRun(Utf8JsonWriter json, RunReport.Run run)
    {
        json.WriteStartObject();
        json.WriteString("program", run.Program);
        if (run.ReturnValue is { } value)
            json.WriteNumber("retval", value);
        else
            json.WriteNull("retval");
        json.WriteNumber("errno", run.Errno);
        json.WriteString("data_out", run.DataOut is null ? null : Hex(run.DataOut));
        if (run.Fault is { } fault)
            WriteFault(json, fault);
        json.WriteEndObject();
    }

    private static void WriteFault(Utf8JsonWriter json, BpfProgramFault fault)
    {
        json.WriteStartObject("fault");
        json.WriteString("kind", fault.Kind.ToString());
        json.WriteString("message", fault.Message);
        json.WriteString("program", fault.Program);
        json.WriteString("function", fault.Function);
        json.WriteNumber("instruction", fault.InstructionIndex);
        json.WriteString("text", fault.Instruction);
        json.WriteString("file", fault.File.Length == 0 ? null : fault.File);
        if (fault.Line > 0)
            json.WriteNumber("line", fault.Line);
        else
            json.WriteNull("line");
        json.WriteString("source", fault.SourceText.Length == 0 ? null : fault.SourceText);
        json.WriteString("address", $"0x{fault.Address:x}");
        json.WriteNumber("accessSize", fault.AccessSize);
        json.WriteBoolean("write", fault.IsWrite);
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, MapDump map)
    {
        json.WriteStartObject(map.Name);
        json.WriteString("type", map.Type);
        if (map.Entries is null)
        {
            json.WriteNull("entries");
        }
        else
        {
            json.WriteStartArray("entries");
            foreach ((byte[] key, byte[] value) in map.Entries)
            {
                json.WriteStartObject();
                json.WriteString("key", Hex(key));
                json.WriteString("value", Hex(value));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
