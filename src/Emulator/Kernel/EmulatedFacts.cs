using System.Collections.Concurrent;
using System.Globalization;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The facts of an emulated kernel: what the options say, and what a test registers.</summary>
internal sealed class EmulatedFacts : IKernelFacts
{
    private readonly EmulatedKernelOptions _options;
    private readonly ConcurrentDictionary<string, int> _tracepoints = new();
    private readonly ConcurrentDictionary<int, string> _tracepointNames = new();
    private readonly ConcurrentDictionary<string, int> _interfaces = new();
    private readonly Lazy<KernelSymbol[]> _functions;
    private readonly int[] _cpus;
    private int _lastTracepoint;

    public EmulatedFacts(EmulatedKernelOptions options)
    {
        _options = options;
        _cpus = [.. options.PossibleCpus];
        for (int i = 0; i < _cpus.Length; i++)
        {
            if (_cpus[i] < 0 || (i > 0 && _cpus[i] <= _cpus[i - 1]))
                throw new ArgumentException($"{nameof(EmulatedKernelOptions.PossibleCpus)} must be ascending numbers from 0; entry {i} is {_cpus[i]}.");
        }

        if (_cpus.Length == 0)
            throw new ArgumentException($"{nameof(EmulatedKernelOptions.PossibleCpus)} is empty; a machine has at least one CPU.");
        if (options.PageSize is < 4096 or > 65536 || (options.PageSize & (options.PageSize - 1)) != 0)
            throw new ArgumentException($"{nameof(EmulatedKernelOptions.PageSize)} is {options.PageSize}; it must be a power of two from 4096 to 65536.");
        PageSize = options.PageSize;
        Release = options.Release;
        PmuTypes = new Dictionary<string, int>(options.PmuTypes);
        ModuleBtf = new Dictionary<string, ReadOnlyMemory<byte>>(options.ModuleBtf);
        BtfModules = [.. ModuleBtf.Keys.Order(StringComparer.Ordinal)];
        KernelBtf = options.Btf ?? ShippedBtf.Bytes;
        _functions = new Lazy<KernelSymbol[]>(ReadFunctions);
    }

    public IReadOnlyList<int> PossibleCpus => _cpus;

    public int PageSize { get; }

    public Version Release { get; }

    public string ReleaseText => string.Create(CultureInfo.InvariantCulture, $"{Release.Major}.{Release.Minor}.{Math.Max(Release.Build, 0)}-emulated");

    public string Architecture => _options.Architecture;

    public IReadOnlyList<string> BtfModules { get; }

    public ulong? EffectiveCapabilities => (1UL << 41) - 1; // CAP_LAST_CAP is 40

    public ProcessConfinement Confinement => ProcessConfinement.None;

    /// <summary>Bytes of the kernel's BTF; empty for a kernel without.</summary>
    public ReadOnlyMemory<byte> KernelBtf { get; }

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ModuleBtf { get; }

    private Dictionary<string, int> PmuTypes { get; }

    /// <summary>Slot of a CPU in per-CPU values, or -1 if the CPU is not possible.</summary>
    public int SlotOf(int cpu)
    {
        int slot = (uint)cpu < (uint)_cpus.Length && _cpus[cpu] == cpu ? cpu : Array.BinarySearch(_cpus, cpu);
        return Math.Max(slot, -1);
    }

    public int ReadBtf(string? module, out KernelBlob? btf)
    {
        btf = null;
        ReadOnlyMemory<byte> bytes = KernelBtf;
        if ((module is not null && !ModuleBtf.TryGetValue(module, out bytes)) || bytes.IsEmpty)
            return -Errno.ENOENT;
        btf = new KernelBlob(bytes.Length);
        bytes.Span.CopyTo(btf.GetSpan());
        return 0;
    }

    public string? ReadConfig() => _options.Config;

    public IEnumerable<KernelSymbol> ReadSymbols() => _options.Symbols.Concat(_functions.Value);

    // The functions of the kernel's BTF, at addresses where a kernel has its code.
    private KernelSymbol[] ReadFunctions()
    {
        const ulong Text = 0xffff_ffff_8100_0000;
        const ulong FunctionSize = 16;
        if (KernelBtf.IsEmpty)
            return [];
        var known = _options.Symbols.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var functions = new List<KernelSymbol>();
        BtfData btf = BtfData.Parse(KernelBtf);
        for (uint id = 1; id < btf.TypeCount; id++)
        {
            BtfType type = btf[id];
            if (type.Kind == BtfKind.Func && known.Add(type.Name))
                functions.Add(new KernelSymbol(type.Name, Text + (id * FunctionSize), 't', null));
        }

        return [.. functions];
    }

    // Every tracepoint exists: which ones a program may name is up to the test that raises them.
    public int GetTracepointId(string category, string name)
    {
        if (category.Length == 0 || name.Length == 0)
            return -Errno.ENOENT;
        string full = $"{category}/{name}";
        return _tracepoints.GetOrAdd(full, static (key, facts) =>
        {
            int id = Interlocked.Increment(ref facts._lastTracepoint);
            facts._tracepointNames[id] = key;
            return id;
        }, this);
    }

    /// <summary>"category/name" of a tracepoint id that was given out, or null.</summary>
    public string? FindTracepoint(int id) => _tracepointNames.GetValueOrDefault(id);

    public int GetPmuType(string name) => PmuTypes.TryGetValue(name, out int type) ? type : -Errno.ENOENT;

    public int GetPmuFormatBit(string pmu, string format) => pmu is "kprobe" or "uprobe" && format == "retprobe" ? 0 : -Errno.ENOENT;

    public int GetInterfaceIndex(string name) => _interfaces.TryGetValue(name, out int index) ? index : -Errno.ENODEV;

    public bool TryAddInterface(string name, int index) => _interfaces.TryAdd(name, index);

    public string? FindInterface(int index) => _interfaces.FirstOrDefault(pair => pair.Value == index).Key;

    public int InterfaceCount => _interfaces.Count;

    public string? FindMount(string fileSystem) => fileSystem switch
    {
        "bpf" => PinNamespace.MountPoint,
        "tracefs" => "/sys/kernel/tracing",
        "cgroup2" => "/sys/fs/cgroup",
        _ => null,
    };
}
