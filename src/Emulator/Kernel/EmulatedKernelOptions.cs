using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The machine and kernel that an <see cref="EmulatedKernel"/> pretends to be. All of it has defaults.</summary>
public sealed class EmulatedKernelOptions
{
    /// <summary>
    /// Numbers of the possible CPUs in ascending order; they may have gaps, as on Linux. A per-CPU value has a slot for
    /// each. Default: 0 and 1.
    /// </summary>
    public IReadOnlyList<int> PossibleCpus { get; set; } = [0, 1];

    /// <summary>Number of possible CPUs, numbered from 0. Setting it replaces <see cref="PossibleCpus"/>.</summary>
    public int PossibleCpuCount
    {
        get => PossibleCpus.Count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 8192);
            PossibleCpus = [.. Enumerable.Range(0, value)];
        }
    }

    /// <summary>
    /// The kernel version to answer like, 6.18 by default. What a version lacks is refused as that kernel refuses it;
    /// see docs/emulator-maps.md for what follows the version.
    /// </summary>
    public Version Release { get; set; } = new(6, 18);

    /// <summary>Size of a page in bytes, a power of two from 4096 to 65536. Default: 4096.</summary>
    public int PageSize { get; set; } = 4096;

    /// <summary>Architecture as BPF headers name it. Default: "x86".</summary>
    public string Architecture { get; set; } = "x86";

    /// <summary>
    /// The kernel's BTF, as /sys/kernel/btf/vmlinux has it; the memory must stay unchanged. Null, the default, is the BTF
    /// that ships with the emulator (docs/emulator-btf.md); empty memory is a kernel without BTF.
    /// </summary>
    public ReadOnlyMemory<byte>? Btf { get; set; }

    /// <summary>BTF of modules by name, split over <see cref="Btf"/>.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ModuleBtf { get; set; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>
    /// Configuration of the kernel as text (CONFIG_X=y lines), which .kconfig variables get their values from; null for a kernel
    /// that does not tell. Default: the few lines that describe the emulated machine, such as CONFIG_HZ=250.
    /// </summary>
    public string? Config { get; set; } =
        "CONFIG_X86_64=y\nCONFIG_64BIT=y\nCONFIG_MMU=y\nCONFIG_SMP=y\nCONFIG_HZ_250=y\nCONFIG_HZ=250\nCONFIG_NET=y\nCONFIG_INET=y\nCONFIG_IPV6=y\n" +
        "CONFIG_CGROUPS=y\nCONFIG_BPF=y\nCONFIG_BPF_SYSCALL=y\nCONFIG_BPF_JIT=y\nCONFIG_BPF_EVENTS=y\nCONFIG_CGROUP_BPF=y\nCONFIG_DEBUG_INFO_BTF=y\n" +
        "CONFIG_DEFAULT_HOSTNAME=\"(none)\"\n";

    /// <summary>The kernel's symbols, in addition to those of the functions in its BTF.</summary>
    public IReadOnlyList<KernelSymbol> Symbols { get; set; } = [];

    /// <summary>Where all randomness comes from: hash seeds, bloom filters, bpf_get_prandom_u32. The same seed gives the same run.</summary>
    public ulong Seed { get; set; } = 0x5EED;

    /// <summary>Type numbers of perf PMUs by name.</summary>
    public IReadOnlyDictionary<string, int> PmuTypes { get; set; } = new Dictionary<string, int>
    {
        ["software"] = 1,
        ["tracepoint"] = 2,
        ["breakpoint"] = 5,
        ["kprobe"] = 8,
        ["uprobe"] = 9,
    };
}
