namespace LibbpfSharp.Maps;

/// <content>Counting elements.</content>
public sealed unsafe partial class BpfMap
{
    private ElementCounter? _counter;

    /// <summary>
    /// Number of elements, by the kfunc bpf_map_sum_elem_count in a small program that is loaded at the first call and
    /// kept (Linux 6.6; CAP_BPF and CAP_NET_ADMIN). The kernel counts hashes of all kinds, LRU and per-CPU included,
    /// and hashes of maps; every other kind gives 0, whatever is in it. Exact while nobody updates the map.
    /// </summary>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel is older than 6.6, or has no BTF.</exception>
    /// <exception cref="BpfException">The program was refused: EPERM without the capabilities.</exception>
    public long SumElemCount()
    {
        int fd = _handle.Enter();
        try
        {
            if (!ElementCounter.HasCounter(Type))
                return 0;
            ElementCounter? counter = Volatile.Read(ref _counter);
            if (counter is null)
            {
                ElementCounter loaded = ElementCounter.Load(_kernel, fd, Subject);
                counter = Interlocked.CompareExchange(ref _counter, loaded, null);
                if (counter is null)
                    counter = loaded;
                else
                    loaded.Dispose();
            }

            return counter.Count();
        }
        finally
        {
            _handle.Exit();
        }
    }
}
