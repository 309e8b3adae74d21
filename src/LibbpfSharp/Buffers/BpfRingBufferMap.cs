using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// A ring buffer map (RINGBUF, 5.8) whose records are all of one structure. A map's own data does not tell what programs
/// write to it, so the structure is the caller's word; each record's length is compared with it when it is read.
/// </summary>
/// <typeparam name="TEvent">The structure that programs write.</typeparam>
public sealed class BpfRingBufferMap<TEvent> : IBpfTypedMap<BpfRingBufferMap<TEvent>>, IDisposable
    where TEvent : unmanaged
{
    private BpfRingBufferMap(BpfMap map) => Map = map;

    /// <summary>The map, as bytes; for pins, info, ids.</summary>
    public BpfMap Map { get; }

    /// <summary>Name; empty if it has none.</summary>
    public string Name => Map.Name;

    /// <summary>Bytes of the ring.</summary>
    public uint Size => Map.MaxEntries;

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfRingBufferMap<TEvent> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.RingBuf, null, null));

    /// <summary>Opens a reader. The map may be disposed of while it reads.</summary>
    /// <returns>The reader, the caller's to dispose of. A ring has one reader at a time.</returns>
    /// <inheritdoc cref="RingBuffer(BpfMap)" path="/exception"/>
    public RingBuffer<TEvent> Open() => new(new RingBuffer(Map));

    /// <summary>Opens a reader for as long as this is enumerated.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The events.</returns>
    /// <inheritdoc cref="RingBuffer.ReadAllAsync{T}" path="/exception"/>
    public async IAsyncEnumerable<TEvent> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using RingBuffer<TEvent> reader = Open();
        await foreach (TEvent item in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return item;
    }

    /// <summary>Closes the map (this process's descriptor of it).</summary>
    public void Dispose() => Map.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Map.Type} {Map.Subject} of {typeof(TEvent).Name} ({Size} bytes)";
}
