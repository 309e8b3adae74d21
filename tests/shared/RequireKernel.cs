using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests;

/// <summary>
/// What a test needs of the host. Where it is missing the test is skipped with the reason, or fails if
/// LIBBPFSHARP_REQUIRE_KERNEL=1 says that this host has it.
/// </summary>
internal static class RequireKernel
{
    private static readonly Lazy<string?> s_linux = new(ProbeLinux);
    private static readonly Lazy<string?> s_libbpf = new(ProbeLibbpf);

    /// <summary>bpf(2) with the privilege to create maps.</summary>
    public static void Linux() => Check(s_linux.Value);

    /// <summary>bpf(2) and libbpf 1.x.</summary>
    public static void Libbpf()
    {
        Linux();
        Check(s_libbpf.Value);
    }

    /// <summary>A mounted file system ("bpf", "tracefs", "cgroup2"); the result is its mount point.</summary>
    public static string Mount(IBpfKernel kernel, string fileSystem)
    {
        string? path = kernel.Facts.FindMount(fileSystem);
        if (path is null)
            Check($"{fileSystem} is not mounted (mount -t {fileSystem} {fileSystem} DIRECTORY)");
        return path!;
    }

    /// <summary>Capabilities of this process by number and name, for what a test does besides bpf(2).</summary>
    public static void Capabilities(string use, params ReadOnlySpan<(int Number, string Name)> wanted)
    {
        Linux();
        ulong held = TestKernels.Host.Facts.EffectiveCapabilities ?? ulong.MaxValue;
        foreach ((int number, string name) in wanted)
            Check((held >> number & 1) == 0 ? $"{use} needs {name}" : null);
    }

    /// <summary>Skips the test, or fails it where the host was promised to have what is missing.</summary>
    /// <param name="missing">What is missing, in words; null when nothing is.</param>
    public static void Check(string? missing)
    {
        if (missing is null)
            return;
        if (TestSettings.RequireKernel)
            Assert.Fail($"LIBBPFSHARP_REQUIRE_KERNEL is set, but {missing}.");
        Assert.Skip($"This host cannot run the test: {missing}.");
    }

    private static string? ProbeLinux()
    {
        if (!OperatingSystem.IsLinux())
            return "the host is not Linux";
        if (TestSettings.DenyHost)
            return "LIBBPFSHARP_TEST_DENY_HOST hides the host's kernel";
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)BpfMapType.Array;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = 4;
        attr.map_create.max_entries = 1;
        int fd = TestKernels.Host.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
        if (fd < 0)
            return $"bpf(BPF_MAP_CREATE) gives {BpfErrnoText.Name((BpfErrno)(-fd))} (run as root or with CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN)";
        TestKernels.Host.Close(fd);
        return null;
    }

    private static string? ProbeLibbpf() =>
        NativeLibraries.TryLoad(NativeLibraries.Libbpf, out _, out string tried) ? null : $"libbpf cannot be loaded (tried {tried}; apt-get install libbpf1)";
}
