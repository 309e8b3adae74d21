using System.CommandLine;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Cli.Btf;

/// <summary><c>btf [FILE] [--type NAME] [--format c|raw]</c>: type information as C or record by record.</summary>
internal static class BtfCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string?> file = new("FILE")
        {
            Description = "BPF object, other ELF file with .BTF, or raw BTF; this machine's kernel if left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> baseFile = new("--base") { Description = "BTF that FILE continues (for a kernel module's).", HelpName = "FILE" };
        Option<string?> type = new("--type") { Description = "Only this type, and for C what it needs: 'task_struct', 'struct sock', 'enum xdp_action'.", HelpName = "NAME" };
        Option<string> format = new("--format") { Description = "'c': declarations that clang compiles (of the kernel: a vmlinux.h); 'raw': a line per record.", DefaultValueFactory = _ => "c" };
        format.AcceptOnlyFromAmong("c", "raw");
        Command command = new("btf", "Shows type information (BTF) of the kernel, of an object or of a file.") { file, baseFile, type, format };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(file);
            BtfData btf = path is null ? BtfFiles.ReadHost() : BtfFiles.Read(path, parsed.GetValue(baseFile));
            return Write(btf, parsed.GetValue(type), parsed.GetValue(format) == "c", console);
        });
        return command;
    }

    private static int Write(BtfData btf, string? name, bool asC, CliConsole console)
    {
        if (name is null)
        {
            if (asC)
                BtfCDumper.WriteHeader(btf, console.Out);
            else
                BtfRawWriter.WriteAll(btf, console.Out);
            return CliExit.Success;
        }

        IReadOnlyList<uint> ids = Find(btf, name);
        if (ids.Count == 0)
        {
            console.Error.WriteLine($"libbpfsharp: there is no type '{name}'.");
            return CliExit.LoadFailed;
        }

        BtfCDumper dumper = new(btf, console.Out);
        foreach (uint id in ids)
        {
            if (asC && btf[id].Kind is not (BtfKind.Var or BtfKind.Func or BtfKind.DataSec or BtfKind.DeclTag))
                dumper.DumpType(id);
            else if (asC)
                console.Out.WriteLine(CTypeNames.Declare(btf, id) + ";");
            else
                BtfRawWriter.Write(btf[id], console.Out);
        }

        return CliExit.Success;
    }

    private static IReadOnlyList<uint> Find(BtfData btf, string name)
    {
        string[] words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["struct", var n] => btf.FindAllByName(n, BtfKind.Struct),
            ["union", var n] => btf.FindAllByName(n, BtfKind.Union),
            ["enum", var n] => [.. btf.FindAllByName(n, BtfKind.Enum), .. btf.FindAllByName(n, BtfKind.Enum64)],
            ["typedef", var n] => btf.FindAllByName(n, BtfKind.Typedef),
            _ => btf.FindAllByName(name),
        };
    }
}
