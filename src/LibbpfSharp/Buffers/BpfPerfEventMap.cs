using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>A perf event array through which programs send records of one type.</summary>
/// <typeparam name="TEvent">What programs give to bpf_perf_event_output().</typeparam>
public sealed class BpfPerfEventMap<TEvent> : IBpfTypedMap<BpfPerfEventMap<TEvent>>
    where TEvent : unmanaged
{
    private BpfPerfEventMap(BpfMap map) => Map = map;

    /// <inheritdoc/>
    public BpfMap Map { get; }

    /// <summary>Name; empty if it has none.</summary>
    public string Name => Map.Name;

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfPerfEventMap<TEvent> Bind(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Type == BpfMapType.PerfEventArray
            ? new(map)
            : throw new BpfException(BpfErrno.EINVAL, "bind", map.Subject, $"Its type is {map.Type}, not {BpfMapType.PerfEventArray}.");
    }

    /// <summary>Opens a ring for each CPU, to read what programs send.</summary>
    /// <param name="pagesPerCpu">Pages of each ring, a power of two.</param>
    /// <returns>A reader, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused an event, its memory or its place in the map.</exception>
    public PerfBuffer<TEvent> Open(int pagesPerCpu = 64) => new(new PerfBuffer(Map, pagesPerCpu));

    /// <inheritdoc/>
    public override string ToString() => Map.ToString();
}
