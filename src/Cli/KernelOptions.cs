using System.CommandLine;
using LibbpfSharp.Cli.Btf;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli;

/// <summary>The options that say where an object is loaded: --kernel and --btf.</summary>
internal sealed class KernelOptions
{
    private const string Host = "host";

    public Option<string?> Kernel { get; } = MakeKernel();

    public Option<string?> Btf { get; } = new("--btf")
    {
        Description = "What CO-RE relocations and kernel functions are resolved against: 'host', or a FILE with BTF. Default: the kernel's own, on the emulator the one shipped with it.",
        HelpName = "host|FILE",
    };

    /// <summary>The kernel that the arguments ask for; without them the process's default.</summary>
    public IBpfKernel GetKernel(ParseResult parsed)
    {
        switch (parsed.GetValue(Kernel))
        {
            case "emulator":
                EmulatedKernelOptions options = new();
                if (parsed.GetValue(Btf) is { } btf)
                    options.Btf = btf == Host ? BtfFiles.ReadHost().RawBytes : ReadBtf(btf);
                if (parsed.GetValue(Btf) == Host && OperatingSystem.IsLinux())
                {
                    // Types, version and configuration belong together: .kconfig variables are then the host's too.
                    options.Release = LinuxKernel.Instance.Facts.Release;
                    options.Config = LinuxKernel.Instance.Facts.ReadConfig();
                }

                return new EmulatedKernel(options) { CurrentTask = new EmulatedTask { Comm = OwnName() } };
            case "linux" when OperatingSystem.IsLinux():
                return LinuxKernel.Instance;
            case "linux":
                throw new BpfException(BpfErrno.ENOSYS, "loading into the Linux kernel", null, "This system is not Linux: use --kernel emulator.");
            default:
                if (BpfKernel.Default is not EmulatedKernel || parsed.GetValue(Btf) is null)
                    return BpfKernel.Default;
                goto case "emulator";
        }
    }

    /// <summary>The file that the loader reads kernel types from; null for the kernel's own. The emulator was made with it.</summary>
    public string? GetBtfPath(ParseResult parsed, IBpfKernel kernel) =>
        !kernel.IsEmulated && parsed.GetValue(Btf) is { } path && path != Host ? path : null;

    /// <summary>What to add to an error that may come from the emulator's BTF; empty where the option was given or does not matter.</summary>
    public string AdviceOn(string error, ParseResult parsed, IBpfKernel kernel)
    {
        bool isAboutTypes = error.Contains("CO-RE", StringComparison.Ordinal) || error.Contains("BTF", StringComparison.Ordinal);
        return !kernel.IsEmulated || !isAboutTypes ? ""
            : parsed.GetValue(Btf) is { } given ? $" (The emulator's types are those of --btf {given}.)"
            : " (The emulator's types are the ones shipped with it: give it others with --btf host or --btf FILE.)";
    }

    // Programs run in the tool's place, as on Linux.
    private static string OwnName()
    {
        const int Longest = 15;
        string name = Path.GetFileName(Environment.ProcessPath) ?? "libbpfsharp";
        return name.Length <= Longest ? name : name[..Longest];
    }

    private static ReadOnlyMemory<byte> ReadBtf(string path)
    {
        BtfData btf = BtfFiles.Read(path, null);
        return btf.RawBytes;
    }

    private static Option<string?> MakeKernel()
    {
        Option<string?> option = new("--kernel") { Description = "'linux' or 'emulator'. Default: Linux where it allows BPF, else the emulator." };
        option.AcceptOnlyFromAmong("linux", "emulator");
        return option;
    }
}
