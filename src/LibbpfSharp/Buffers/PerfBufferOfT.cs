namespace LibbpfSharp;

/// <summary>Reads the records of a perf event array as one structure.</summary>
/// <typeparam name="TEvent">The structure that programs send.</typeparam>
public sealed class PerfBuffer<TEvent> : IDisposable
    where TEvent : unmanaged
{
    internal PerfBuffer(PerfBuffer records) => Records = records;

    /// <summary>The reader of bytes behind it: for counts of what was lost, and for records of other lengths.</summary>
    public PerfBuffer Records { get; }

    /// <inheritdoc cref="PerfBuffer.Consume{T}"/>
    public int Consume(PerfBufferHandler<TEvent> handler, int maxRecords = int.MaxValue) => Records.Consume(handler, maxRecords);

    /// <inheritdoc cref="PerfBuffer.Poll{T}"/>
    public int Poll(PerfBufferHandler<TEvent> handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default) =>
        Records.Poll(handler, timeout, maxRecords, cancellationToken);

    /// <inheritdoc cref="PerfBuffer.TryRead{T}"/>
    public bool TryRead(out int cpu, out TEvent record) => Records.TryRead(out cpu, out record);

    /// <inheritdoc cref="PerfBuffer.ReadAllAsync{T}"/>
    public IAsyncEnumerable<(int Cpu, TEvent Record)> ReadAllAsync(CancellationToken cancellationToken = default) => Records.ReadAllAsync<TEvent>(cancellationToken);

    /// <summary>Closes the rings.</summary>
    public void Dispose() => Records.Dispose();
}
