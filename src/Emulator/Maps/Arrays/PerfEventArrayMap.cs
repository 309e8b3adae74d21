namespace LibbpfSharp.Emulator;

/// <summary>PERF_EVENT_ARRAY: an event leaves with the descriptor of the map through which it came, unless BPF_F_PRESERVE_ELEMS.</summary>
internal sealed unsafe class PerfEventArrayMap(EmulatedKernel kernel, MapSpec spec) : ObjectArrayMap(kernel, spec)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, KernelFile> _sources = [];

    /// <summary>The event in a slot, or null.</summary>
    public EmulatedPerfEvent? GetEvent(uint index) => Get(index) as EmulatedPerfEvent;

    public override void OnFileClosed(KernelFile file)
    {
        if ((Flags & BpfMapFlags.PreserveElems) != 0)
            return;
        uint[] gone;
        lock (_lock)
        {
            gone = [.. _sources.Where(pair => ReferenceEquals(pair.Value, file)).Select(pair => pair.Key)];
            foreach (uint index in gone)
                _sources.Remove(index);
        }

        foreach (uint index in gone)
            Clear(index);
    }

    protected override int Resolve(uint fd, out EmulatedObject? item)
    {
        item = Kernel.FindFile((int)fd)?.Object as EmulatedPerfEvent;
        return item is null ? -Errno.EBADF : 0;
    }

    protected override void OnStored(uint index, KernelFile file)
    {
        lock (_lock)
            _sources[index] = file;
    }
}
