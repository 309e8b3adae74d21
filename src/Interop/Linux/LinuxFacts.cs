using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LibbpfSharp.Interop;

/// <summary>The facts of a Linux host, from /proc, /sys and tracefs.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxFacts : IKernelFacts
{
    private const string BtfFolder = "/sys/kernel/btf";
    private const string SeccompModeFilter = "2"; // proc(5)
    private const string FirstUserNamespace = "user:[4026531837]"; // PROC_USER_INIT_INO, the same on every kernel
    private const int ENoEnt = 2;
    private const int EAcces = 13;
    private const int ENoDev = 19;

    private readonly Lazy<int[]> _possibleCpus = new(() => CpuList.Parse(HostFiles.ReadText("/sys/devices/system/cpu/possible")));
    private readonly Lazy<string> _releaseText = new(() => HostFiles.TryReadText("/proc/sys/kernel/osrelease")?.Trim() ?? Environment.OSVersion.Version.ToString());
    private readonly Lazy<Version> _release;

    public LinuxFacts() => _release = new Lazy<Version>(ReadRelease);

    public IReadOnlyList<int> PossibleCpus => _possibleCpus.Value;

    public int PageSize => Environment.SystemPageSize;

    public Version Release => _release.Value;

    public string ReleaseText => _releaseText.Value;

    public string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.X86 => "x86",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm or System.Runtime.InteropServices.Architecture.Armv6 => "arm",
        System.Runtime.InteropServices.Architecture.S390x => "s390",
        System.Runtime.InteropServices.Architecture.Ppc64le => "powerpc",
        System.Runtime.InteropServices.Architecture.RiscV64 => "riscv",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loongarch",
        var other => other.ToString().ToLowerInvariant(),
    };

    public IReadOnlyList<string> BtfModules => HostFiles.ListDirectory(BtfFolder).Where(name => name != "vmlinux").Order(StringComparer.Ordinal).ToArray();

    public ulong? EffectiveCapabilities =>
        ulong.TryParse(ReadStatus("CapEff:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong caps) ? caps : null;

    public ProcessConfinement Confinement =>
        (HostFiles.TryReadLink("/proc/self/ns/user") is { } name && name != FirstUserNamespace ? ProcessConfinement.UserNamespace : 0)
        | (ReadStatus("Seccomp:") == SeccompModeFilter ? ProcessConfinement.SeccompFilter : 0);

    public int ReadBtf(string? module, out KernelBlob? btf)
    {
        btf = null;
        using FileStream? file = HostFiles.TryOpen($"{BtfFolder}/{module ?? "vmlinux"}");
        if (file is null)
            return -ENoEnt;
        var blob = new KernelBlob(checked((int)file.Length));
        try
        {
            file.ReadExactly(blob.GetSpan());
        }
        catch (IOException)
        {
            ((IDisposable)blob).Dispose();
            return -ENoEnt;
        }

        btf = blob;
        return 0;
    }

    public string? ReadConfig()
    {
        if (HostFiles.TryOpen("/proc/config.gz") is { } packed)
        {
            using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
            return reader.ReadToEnd();
        }

        return HostFiles.TryReadText($"/boot/config-{ReleaseText}");
    }

    public IEnumerable<KernelSymbol> ReadSymbols()
    {
        using FileStream? file = HostFiles.TryOpen("/proc/kallsyms");
        if (file is null)
            yield break;
        using var reader = new StreamReader(file, bufferSize: 1 << 16);
        while (reader.ReadLine() is { } line)
        {
            // "ffffffff81000000 T _text" or "ffffffffc0000000 t name\t[module]"
            string[] parts = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 3 && ulong.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong address))
                yield return new KernelSymbol(parts[2], address, parts[1][0], parts.Length > 3 ? parts[3].Trim('[', ']') : null);
        }
    }

    public int GetTracepointId(string category, string name)
    {
        string? root = FindMount("tracefs");
        if (root is null && HostFiles.TryReadText("/sys/kernel/debug/tracing/available_tracers") is not null)
            root = "/sys/kernel/debug/tracing";
        if (root is null)
            return -ENoDev;
        string path = $"{root}/events/{category}/{name}";
        if (int.TryParse(HostFiles.TryReadText($"{path}/id"), out int id))
            return id;
        return HostFiles.ListDirectory(path).Count > 0 ? -EAcces : -ENoEnt;
    }

    public int GetPmuType(string name) =>
        int.TryParse(HostFiles.TryReadText($"/sys/bus/event_source/devices/{name}/type"), out int type) ? type : -ENoEnt;

    public int GetPmuFormatBit(string pmu, string format)
    {
        // "config:0"
        string? text = HostFiles.TryReadText($"/sys/bus/event_source/devices/{pmu}/format/{format}");
        return text is not null && text.StartsWith("config:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(7), out int bit) ? bit : -ENoEnt;
    }

    public int GetInterfaceIndex(string name)
    {
        uint index = libc.if_nametoindex(name);
        return index == 0 ? -ENoDev : (int)index;
    }

    public string? FindMount(string fileSystem)
    {
        foreach (string line in HostFiles.TryReadText("/proc/self/mounts")?.Split('\n') ?? [])
        {
            string[] parts = line.Split(' ');
            if (parts.Length > 2 && parts[2] == fileSystem)
                return parts[1].Replace("\\040", " ", StringComparison.Ordinal);
        }

        return null;
    }

    /// <summary>The value of a line of the calling thread's status, or null.</summary>
    private static string? ReadStatus(string name) =>
        HostFiles.TryReadText("/proc/thread-self/status")?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();

    // Debian's and Ubuntu's release text carries an ABI number, not the stable version that features follow;
    // the third part is what the text says and may be 0.
    private Version ReadRelease() => KernelVersionText.Parse(ReleaseText);
}
