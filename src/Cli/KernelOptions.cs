using System.CommandLine;
using LibbpfSharp.Cli.Btf;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli;

/// <summary>The options that say where an object is loaded: --kernel and --btf.</summary>
internal sealed class KernelOptions
{
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
                    options.Btf = btf == "host" ? BtfFiles.ReadHost().RawBytes : ReadBtf(btf);
                return new EmulatedKernel(options);
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
        !kernel.IsEmulated && parsed.GetValue(Btf) is { } path && path != "host" ? path : null;

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
