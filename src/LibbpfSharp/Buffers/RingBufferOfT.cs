using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>A <see cref="RingBuffer"/> whose records are all of one structure.</summary>
/// <typeparam name="TEvent">The structure that programs write.</typeparam>
public sealed class RingBuffer<TEvent> : IDisposable
    where TEvent : unmanaged
{
    /// <summary>Maps the ring buffer. The map may be disposed of while this reads.</summary>
    /// <param name="map">A map of type RINGBUF.</param>
    /// <inheritdoc cref="RingBuffer(BpfMap)" path="/exception"/>
    public RingBuffer(BpfMap map)
        : this(new RingBuffer(map))
    {
    }

    internal RingBuffer(RingBuffer records) => Records = records;

    /// <summary>The same reader, which gives bytes: for a <see cref="RingBufferSet"/>, or records of another kind.</summary>
    public RingBuffer Records { get; }

    /// <inheritdoc cref="RingBuffer.AvailableBytes"/>
    public long AvailableBytes => Records.AvailableBytes;

    /// <inheritdoc cref="RingBuffer.Consume{T}(RingBufferHandler{T}, int)" path="/*[not(self::typeparam)]"/>
    public int Consume(RingBufferHandler<TEvent> handler, int maxRecords = int.MaxValue) => Records.Consume(handler, maxRecords);

    /// <inheritdoc cref="RingBuffer.Poll{T}(RingBufferHandler{T}, TimeSpan, int, CancellationToken)" path="/*[not(self::typeparam)]"/>
    public int Poll(RingBufferHandler<TEvent> handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default) =>
        Records.Poll(handler, timeout, maxRecords, cancellationToken);

    /// <inheritdoc cref="RingBuffer.TryRead{T}(out T)" path="/*[not(self::typeparam)]"/>
    public bool TryRead(out TEvent record) => Records.TryRead(out record);

    /// <inheritdoc cref="RingBuffer.ReadAllAsync{T}(CancellationToken)" path="/*[not(self::typeparam)]"/>
    public IAsyncEnumerable<TEvent> ReadAllAsync(CancellationToken cancellationToken = default) => Records.ReadAllAsync<TEvent>(cancellationToken);

    /// <inheritdoc cref="RingBuffer.Flush"/>
    public void Flush() => Records.Flush();

    /// <inheritdoc cref="RingBuffer.Dispose"/>
    public void Dispose() => Records.Dispose();
}
