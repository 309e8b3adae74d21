using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// Reads a ring buffer map (RINGBUF, 5.8) from its memory: no copy, no system call per record, no allocation. One
/// thread reads at a time and others wait for it; each record goes to one of them. Dispose may be called from any thread,
/// also from a handler, and waits for the record in hand. The kernel does not count what it drops when a ring is full: the
/// program sees it (bpf_ringbuf_reserve() gives NULL, bpf_ringbuf_output() an error) and can.
/// </summary>
public sealed partial class RingBuffer : IDisposable
{
    private readonly BufferReader<RingSource> _reader;
    private readonly string _subject;

    /// <summary>Maps the ring buffer. The map may be disposed of while this reads.</summary>
    /// <param name="map">A map of type RINGBUF.</param>
    /// <exception cref="ArgumentException">It is another kind of map.</exception>
    /// <exception cref="InvalidOperationException">The map has a reader in this process: a ring has one at a time.</exception>
    /// <exception cref="BpfException">The kernel refused the mapping. EOPNOTSUPP: the ring overwrites its oldest records.</exception>
    public RingBuffer(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.RingBuf)
            throw new ArgumentException($"{map.Subject} is a {map.Type} map; a ring buffer reads a RingBuf map.", nameof(map));
        if ((map.Flags & BpfMapFlags.RbOverwrite) != 0)
            throw new BpfException(BpfErrno.EOPNOTSUPP, "opening a ring buffer", map.Subject, "It was made with BPF_F_RB_OVERWRITE, and programs overwrite records while they are read. Make it without that flag.");
        _subject = map.Subject;
        Size = map.MaxEntries;
        var claim = new BufferClaim(map);
        KernelHandle? handle = null;
        try
        {
            handle = map.Handle.Duplicate();
            var ring = new RingMapping(map.Kernel, handle.DangerousFd, Size, _subject);
            _reader = new BufferReader<RingSource>(this, new RingSource(ring, handle, claim, _subject));
        }
        catch
        {
            handle?.Dispose();
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the ring.</summary>
    public uint Size { get; }

    /// <summary>The kernel of the map.</summary>
    internal IBpfKernel Kernel => _reader.Source.Kernel;

    /// <summary>"map 'events'".</summary>
    internal string Subject => _subject;

    /// <summary>What reads.</summary>
    internal BufferReader<RingSource> Reader => _reader;

    /// <summary>Bytes that programs have reserved and this has not read, with headers and records still being written.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public long AvailableBytes => _reader.Inspect(static source => (long)source.Ring.AvailableBytes);

    /// <summary>Hands all finished records to a handler, in place; does not wait.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here; that record counts as read, and those after it stay.</param>
    /// <param name="maxRecords">The most records, so that a fast producer cannot keep the caller for ever.</param>
    /// <returns>How many records were handed over.</returns>
    /// <exception cref="InvalidOperationException">A handler of this buffer is running on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public int Consume(RingBufferHandler handler, int maxRecords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new BytesVisitor(handler);
        return _reader.Consume(ref visitor, maxRecords);
    }

    /// <summary>Hands all finished records to a handler as structures, in place; does not wait.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <inheritdoc cref="Consume(RingBufferHandler, int)" path="/*[not(self::summary)]"/>
    /// <exception cref="BpfException">EINVAL: a record is of another length than the structure; it counts as read.</exception>
    public int Consume<T>(RingBufferHandler<T> handler, int maxRecords = int.MaxValue)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new StructVisitor<T>(handler, _subject);
        return _reader.Consume(ref visitor, maxRecords);
    }

    /// <summary>Waits until there is a record, the time is over, or the wait is flushed or cancelled, and hands over what is there.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here; that record counts as read, and those after it stay.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maxRecords">The most records.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were handed over; 0 at the end of the time or after <see cref="Flush"/>. Records that were written without a wake-up (BPF_RB_NO_WAKEUP) are found within 100 ms.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was read.</exception>
    /// <exception cref="InvalidOperationException">A handler of this buffer is running on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of, before or during the wait.</exception>
    public int Poll(RingBufferHandler handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new BytesVisitor(handler);
        return _reader.Poll(ref visitor, timeout, maxRecords, cancellationToken);
    }

    /// <summary>Waits until there is a record, the time is over, or the wait is flushed or cancelled, and hands over what is there, as structures.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <inheritdoc cref="Poll(RingBufferHandler, TimeSpan, int, CancellationToken)" path="/*[not(self::summary)]"/>
    /// <exception cref="BpfException">EINVAL: a record is of another length than the structure; it counts as read.</exception>
    public int Poll<T>(RingBufferHandler<T> handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        var visitor = new StructVisitor<T>(handler, _subject);
        return _reader.Poll(ref visitor, timeout, maxRecords, cancellationToken);
    }

    /// <summary>Copies the next finished record out; does not wait.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="record">The record.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfException">EINVAL: the record is of another length than the structure; it counts as read.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public bool TryRead<T>(out T record)
        where T : unmanaged
    {
        var taker = new StructTaker<T>(_subject);
        bool found = _reader.Consume(ref taker, 1) > 0;
        record = taker.Item;
        return found;
    }

    /// <summary>Copies the next finished record out; does not wait.</summary>
    /// <param name="record">The record, or null.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public bool TryRead([NotNullWhen(true)] out byte[]? record)
    {
        BytesTaker taker = default;
        bool found = _reader.Consume(ref taker, 1) > 0;
        record = taker.Item;
        return found;
    }

    /// <summary>Reads records for ever, as structures. They are taken out one by one, so none is lost when the reading ends.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    /// <exception cref="BpfException">EINVAL: a record is of another length than the structure; it counts as read.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public IAsyncEnumerable<T> ReadAllAsync<T>(CancellationToken cancellationToken = default)
        where T : unmanaged => _reader.ReadAllAsync<StructTaker<T>, T>(new StructTaker<T>(_subject), cancellationToken);

    /// <summary>Reads records for ever, as bytes. They are taken out one by one, so none is lost when the reading ends.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public IAsyncEnumerable<byte[]> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _reader.ReadAllAsync<BytesTaker, byte[]>(default, cancellationToken);

    /// <summary>
    /// Ends the present wait of another thread, or the next one: Poll hands over what is there and returns, also with nothing;
    /// an asynchronous reader looks for records at once.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public void Flush() => _reader.Flush();

    /// <summary>Unmaps the ring buffer after the record in hand, and ends waits with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _reader.Dispose();
}
