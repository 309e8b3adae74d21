using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A BPF kernel inside the process, behind the same seam as Linux and with Linux's answers: maps, pins, ids, BTF, programs.
/// It needs no privilege and no operating system in particular. Calls may come from many threads at once.
/// </summary>
public sealed unsafe partial class EmulatedKernel : IBpfKernel, IDisposable
{
    /// <summary>First descriptor of BPF objects; on Linux it is EBADF, whatever limits are set.</summary>
    public const int FirstDescriptor = 0x40000000;

    private readonly EmulatedFacts _facts;
    private readonly DescriptorTable _descriptors = new(FirstDescriptor, 0x3fff0000);
    private readonly MapCommands _mapCommands;
    private readonly ThreadLocal<int> _cpuSlot = new();
    private int _disposed;

    /// <summary>Starts a kernel.</summary>
    /// <param name="options">The machine to emulate; null for the defaults. Read once, here.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public EmulatedKernel(EmulatedKernelOptions? options = null)
    {
        Options = options ?? new EmulatedKernelOptions();
        _facts = new EmulatedFacts(Options);
        Random = new SeededRandom(Options.Seed);
        Pins = new PinNamespace();
        StandIns = new StandIns(this);
        Mappings = new MappingTable(this);
        BtfCommands = new BtfCommands(this);
        _mapCommands = new MapCommands(this);
        Programs = new ProgramCommands(this);
    }

    /// <inheritdoc/>
    public string Name => $"emulated kernel {_facts.Release.Major}.{_facts.Release.Minor}";

    /// <inheritdoc/>
    public bool IsEmulated => true;

    /// <inheritdoc/>
    public IKernelFacts Facts => _facts;

    /// <summary>Descriptors of BPF objects that are open, for leak checks.</summary>
    public int OpenDescriptors => _descriptors.Count;

    /// <summary>The virtual CPU (a possible CPU's number) on which the calling thread's system calls run. Default: the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The CPU is not a possible one.</exception>
    public int CurrentCpu
    {
        get => _facts.PossibleCpus[_cpuSlot.Value];
        set
        {
            int slot = _facts.SlotOf(value);
            if (slot < 0)
                throw new ArgumentOutOfRangeException(nameof(value), value, $"CPU {value} is not possible; the possible CPUs are {string.Join(",", _facts.PossibleCpus)}.");
            _cpuSlot.Value = slot;
        }
    }

    internal EmulatedKernelOptions Options { get; }

    internal EmulatedFacts Machine => _facts;

    internal EpochGate Gate { get; } = new();

    internal SeededRandom Random { get; }

    internal PinNamespace Pins { get; }

    internal StandIns StandIns { get; }

    internal MappingTable Mappings { get; }

    internal BtfCommands BtfCommands { get; }

    internal MapCommands MapCommands => _mapCommands;

    internal ProgramCommands Programs { get; }

    internal IdTable<EmulatedMap> Maps { get; } = new();

    /// <summary>Number of slots of a per-CPU value.</summary>
    internal int CpuCount => _facts.PossibleCpus.Count;

    /// <summary>The slot of <see cref="CurrentCpu"/>.</summary>
    internal int CurrentCpuSlot => _cpuSlot.Value;

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Whether the emulated release is at least this one.</summary>
    internal bool IsAtLeast(int major, int minor) =>
        _facts.Release.Major > major || (_facts.Release.Major == major && _facts.Release.Minor >= minor);

    /// <summary>Closes all descriptors and pins and frees all memory. No call may be running, and none may follow.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (int fd in _descriptors.ToArray())
            _descriptors.Remove(fd)?.RemoveDescriptor();
        Pins.Clear();
        StandIns.Clear();
        Mappings.Clear();
        Gate.DestroyAll();
        _runner?.Dispose();
        _cpuSlot.Dispose();
    }
}
