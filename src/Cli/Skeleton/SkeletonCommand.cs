using System.CommandLine;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Skeleton;
using LibbpfSharp.Skeleton.Diagnostics;

namespace LibbpfSharp.Cli.Skeleton;

/// <summary><c>skeleton OBJ [--namespace NAME] [--class NAME] [--public] [--type NAME ...] [-o FILE]</c>: a typed class from an object.</summary>
internal static class SkeletonCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> file = new("OBJ") { Description = "BPF object file." };
        Option<string> space = new("--namespace") { Description = "Namespace of the class.", HelpName = "NAME", DefaultValueFactory = _ => "Bpf" };
        Option<string?> name = new("--class") { Description = "Name of the class; the object's name in PascalCase if left out.", HelpName = "NAME" };
        Option<bool> isPublic = new("--public") { Description = "A public class instead of an internal one." };
        Option<string[]> types = new("--type") { Description = "A type to generate besides those of maps and globals; * stands for any text. May be repeated.", HelpName = "NAME" };
        Option<string[]> events = new("--event") { Description = "What a ring buffer or perf event array carries, where its definition does not say: MAP=TYPE, such as \"events=struct event\". May be repeated.", HelpName = "MAP=TYPE" };
        Option<string?> objectPath = new("--object-path") { Description = "Read the object from this file beside the program when it is opened, instead of containing it.", HelpName = "PATH" };
        Option<string?> output = new("--output", "-o") { Description = "File to write; stdout if left out.", HelpName = "FILE" };
        Command command = new("skeleton", "Writes a C# class with the maps, programs, globals and types of an object.") { file, space, name, isPublic, types, events, objectPath, output };
        events.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(t => t.Value))
            {
                int at = text.IndexOf('=', StringComparison.Ordinal);
                if (at <= 0 || at == text.Length - 1)
                    result.AddError($"--event {text}: a map, '=' and a type are expected.");
            }
        });
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            Dictionary<string, string> eventTypes = new(StringComparer.Ordinal);
            foreach (string text in parsed.GetValue(events) ?? [])
                eventTypes[text[..text.IndexOf('=', StringComparison.Ordinal)]] = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..];
            SkeletonResult result = SkeletonGenerator.Generate(File.ReadAllBytes(path), new SkeletonOptions
            {
                ObjectName = BpfObjectFile.GetNameFromPath(path),
                Namespace = parsed.GetValue(space)!,
                ClassName = parsed.GetValue(name),
                IsPublic = parsed.GetValue(isPublic),
                ExtraTypes = parsed.GetValue(types) ?? [],
                EventTypes = eventTypes,
                ObjectPath = parsed.GetValue(objectPath),
            });
            foreach (SkeletonDiagnostic warning in result.Diagnostics)
                console.Error.WriteLine($"libbpfsharp: warning {warning.Id}: {warning.Message}");
            if (parsed.GetValue(output) is { } target)
                File.WriteAllText(target, result.Code);
            else
                console.Out.Write(result.Code);
            return CliExit.Success;
        });
        return command;
    }
}
