namespace LibbpfSharp.Interop;

/// <summary>What a kernel tells of itself and of its machine. Values that cannot change are read once.</summary>
public interface IKernelFacts
{
    /// <summary>
    /// Numbers of the possible CPUs in ascending order (<c>/sys/devices/system/cpu/possible</c>); they may have gaps.
    /// Slot i of a per-CPU value belongs to <c>PossibleCpus[i]</c>.
    /// </summary>
    IReadOnlyList<int> PossibleCpus { get; }

    /// <summary>Size of a memory page in bytes.</summary>
    int PageSize { get; }

    /// <summary>Version of the kernel, such as 6.18.44.</summary>
    Version Release { get; }

    /// <summary>The release in full, such as "6.12.9-amd64".</summary>
    string ReleaseText { get; }

    /// <summary>Architecture name as in BPF headers: "x86", "arm64", "s390", "riscv", "powerpc", "loongarch".</summary>
    string Architecture { get; }

    /// <summary>The BTF of the kernel or of one of its modules.</summary>
    /// <param name="module">Module name; null for the kernel itself.</param>
    /// <param name="btf">The bytes, owned by the caller (dispose frees native memory).</param>
    /// <returns>0 or -errno (ENOENT without BTF).</returns>
    int ReadBtf(string? module, out KernelBlob? btf);

    /// <summary>Modules that have BTF.</summary>
    IReadOnlyList<string> BtfModules { get; }

    /// <summary>The kernel's configuration as text (CONFIG_X=y lines), or null if it cannot be read.</summary>
    string? ReadConfig();

    /// <summary>The kernel's symbols; empty if they cannot be read. Addresses are 0 without the privilege to see them.</summary>
    IEnumerable<KernelSymbol> ReadSymbols();

    /// <summary>Id of a tracepoint, as tracefs has it.</summary>
    /// <returns>The id, -ENOENT when there is no such tracepoint, -ENODEV when tracefs is not mounted, -EACCES when it cannot be read.</returns>
    int GetTracepointId(string category, string name);

    /// <summary>Type number of a perf PMU ("kprobe", "uprobe", ...).</summary>
    /// <returns>The number or -ENOENT.</returns>
    int GetPmuType(string name);

    /// <summary>Bit of the PMU's config that a format names, such as "retprobe" of "uprobe".</summary>
    /// <returns>The bit's number or -ENOENT.</returns>
    int GetPmuFormatBit(string pmu, string format);

    /// <summary>Index of a network interface in the calling thread's network namespace.</summary>
    /// <returns>The index or -ENODEV.</returns>
    int GetInterfaceIndex(string name);

    /// <summary>Where a file system of a type ("bpf", "tracefs", "cgroup2") is mounted, or null.</summary>
    string? FindMount(string fileSystem);

    /// <summary>Effective capabilities of this process as a bit mask by capability number, or null if unknown.</summary>
    ulong? EffectiveCapabilities { get; }

    /// <summary>What keeps this process from using its capabilities.</summary>
    ProcessConfinement Confinement { get; }
}
