using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Things of the system outside BPF that a test makes, so that programs can be attached to them and maps can hold them.
/// Their descriptors lie below those of BPF objects; 0, 1 and 2 are open and are none of anything.
/// </summary>
internal sealed class StandIns
{
    /// <summary>Numbers that a host process does not reach, so that a host's descriptor passed by mistake is EBADF.</summary>
    private const int FirstDescriptor = 0x10000000;

    private readonly EmulatedKernel _kernel;
    private readonly ConcurrentDictionary<string, EmulatedStandIn> _paths = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, EmulatedProcess> _processes = new();
    private long _lastNumber = 100;

    public StandIns(EmulatedKernel kernel)
    {
        _kernel = kernel;
        Standard = new DescriptorTable(0, 3);
        Opened = new DescriptorTable(FirstDescriptor, 1 << 24);
        Descriptors = new Range(this);
        for (int i = 0; i < 3; i++)
            Standard.Add(new KernelFile(new StandardStream(kernel)));
    }

    public Range Descriptors { get; }

    private DescriptorTable Standard { get; }

    private DescriptorTable Opened { get; }

    public ulong NextNumber() => (ulong)Interlocked.Increment(ref _lastNumber);

    public bool TryAdd(EmulatedStandIn item, string path) => _paths.TryAdd(path, item);

    public bool TryAdd(EmulatedProcess process) => _processes.TryAdd(process.ProcessId, process);

    public void Forget(EmulatedStandIn item)
    {
        foreach ((string path, EmulatedStandIn known) in _paths)
        {
            if (ReferenceEquals(known, item))
                _paths.TryRemove(path, out _);
        }

        if (item is EmulatedProcess process)
            _processes.TryRemove(process.ProcessId, out _);
    }

    public bool TryFind(string path, [NotNullWhen(true)] out EmulatedStandIn? item) => _paths.TryGetValue(path, out item);

    public bool TryFindProcess(int processId, [NotNullWhen(true)] out EmulatedProcess? process) => _processes.TryGetValue(processId, out process);

    public IEnumerable<EmulatedStandIn> All => _paths.Values.Concat(_processes.Values).Distinct();

    /// <summary>Opens a stand-in or a directory of pins by path.</summary>
    public int Open(string path)
    {
        if (TryFind(path, out EmulatedStandIn? item))
            return Open(item);
        if (!_kernel.Pins.IsDirectory(path))
            return -Errno.ENOENT;
        return Opened.Add(new KernelFile(new PinDirectoryFile(_kernel, path)));
    }

    public int OpenProcess(int processId) => TryFindProcess(processId, out EmulatedProcess? process) ? Open(process) : -Errno.ESRCH;

    public int Open(EmulatedStandIn item)
    {
        if (!item.TryAcquire())
            return -Errno.ENOENT;
        return Opened.Add(new KernelFile(item));
    }

    public void Clear()
    {
        foreach (int fd in Opened.ToArray())
            Opened.Remove(fd)?.RemoveDescriptor();
        _paths.Clear();
        _processes.Clear();
    }

    /// <summary>Both ranges of descriptors below those of BPF objects.</summary>
    internal readonly struct Range(StandIns owner)
    {
        public KernelFile? Find(int fd) => (fd < 3 ? owner.Standard : owner.Opened).Find(fd);

        public KernelFile? Remove(int fd) => (fd < 3 ? owner.Standard : owner.Opened).Remove(fd);

        public int Add(KernelFile file) => owner.Opened.Add(file);
    }

    /// <summary>Descriptors 0 to 2: open files that are no BPF objects.</summary>
    private sealed class StandardStream(EmulatedKernel kernel) : EmulatedObject(kernel)
    {
        public override string Description => "standard stream";
    }
}
