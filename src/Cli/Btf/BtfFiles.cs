using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Elf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Cli.Btf;

/// <summary>BTF from a file or from this machine's kernel.</summary>
internal static class BtfFiles
{
    private const string HostFolder = "/sys/kernel/btf/";

    /// <summary>Reads raw BTF, the .BTF section of an ELF file, or a module's file of the host, which continues the kernel's.</summary>
    public static BtfData Read(string path, string? basePath)
    {
        byte[] bytes = File.ReadAllBytes(path);
        ReadOnlyMemory<byte> content = bytes;
        if (ElfFile.IsElf(bytes))
        {
            content = ElfFile.Parse(bytes).FindSection(".BTF")?.Data
                ?? throw new IOException($"'{path}' is an ELF file without .BTF: compile it with clang -g, or name a file that has BTF.");
        }

        BtfData? baseBtf = basePath is not null ? Read(basePath, null)
            : path.StartsWith(HostFolder, StringComparison.Ordinal) && path != HostFolder + "vmlinux" ? ReadHost()
            : null;
        return BtfData.Parse(content, baseBtf);
    }

    /// <summary>The BTF of the running kernel.</summary>
    public static BtfData ReadHost()
    {
        if (!OperatingSystem.IsLinux())
            throw new IOException("There is no kernel BTF on this system; name a FILE.");
        int result = LinuxKernel.Instance.Facts.ReadBtf(null, out KernelBlob? blob);
        return result >= 0 && blob is not null
            ? BtfData.Parse(blob.Memory)
            : throw new IOException($"The kernel's BTF cannot be read ({BpfErrnoText.Name((BpfErrno)(-result))}): it needs CONFIG_DEBUG_INFO_BTF. Name a FILE instead.");
    }
}
