using System.CommandLine;
using System.CommandLine.Parsing;
using LibbpfSharp.Cli.Btf;
using LibbpfSharp.Cli.Doctor;
using LibbpfSharp.Cli.Inspect;
using LibbpfSharp.Cli.Load;
using LibbpfSharp.Cli.Run;
using LibbpfSharp.Cli.Skeleton;
using LibbpfSharp.Formats;
using LibbpfSharp.Interop;
using LibbpfSharp.Skeleton.Diagnostics;

namespace LibbpfSharp.Cli;

/// <summary>The commands, apart from the process: tests call it with writers of their own.</summary>
internal static class CliApp
{
    public static int Run(string[] args, CliConsole console)
    {
        RootCommand root = new("Inspects, loads and runs BPF objects, on Linux or on the managed kernel.")
        {
            InspectCommand.Create(console),
            LoadCommand.Create(console),
            RunCommand.Create(console),
            BtfCommand.Create(console),
            SkeletonCommand.Create(console),
            DoctorCommand.Create(console),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError problem in parsed.Errors)
                console.Error.WriteLine($"libbpfsharp: {problem.Message}");
            console.Error.WriteLine($"Try 'libbpfsharp {CommandPath(parsed.CommandResult)}--help'.");
            return CliExit.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false });
        }
        catch (SkeletonException e)
        {
            console.Error.WriteLine($"libbpfsharp: error {e.Diagnostic.Id}: {e.Message}");
            return CliExit.Usage;
        }
        catch (BpfObjectFormatException e)
        {
            console.Error.WriteLine($"libbpfsharp: {e.Message}");
            return CliExit.LoadFailed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BpfException)
        {
            console.Error.WriteLine($"libbpfsharp: {e.Message}");
            return CliExit.LoadFailed;
        }
        finally
        {
            console.Out.Flush();
        }
    }

    private static string CommandPath(CommandResult command) =>
        command.Parent is CommandResult parent ? CommandPath(parent) + command.Command.Name + " " : string.Empty;
}
