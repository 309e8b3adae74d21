using System.CommandLine;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Cli.Inspect;

/// <summary><c>inspect OBJ [--json]</c>: what an object defines and what it expects of the kernel.</summary>
internal static class InspectCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> file = new("OBJ") { Description = "BPF object file." };
        Option<bool> json = new("--json") { Description = "Write JSON (docs/inspect.schema.json)." };
        Command command = new("inspect", "Shows what a BPF object file defines: maps, programs, variables, externs, CO-RE relocations.") { file, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            BpfObjectFile parsedFile = BpfObjectFile.Parse(File.ReadAllBytes(path), BpfObjectFile.GetNameFromPath(path));
            if (parsed.GetValue(json))
                InspectJson.Write(parsedFile, console.Out);
            else
                InspectText.Write(parsedFile, console);
            return CliExit.Success;
        });
        return command;
    }
}
