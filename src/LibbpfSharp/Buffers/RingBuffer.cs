using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// Reads a ring buffer map (RINGBUF, 5.8) from its memory: no copy, no system call per record, no allocation. One
/// thread reads at a time, others wait for it; Dispose may be called from any thread, also from a handler, and waits
/// for the record in hand.
/// </summary>
public sealed class RingBuffer : IDisposable
{
    private readonly Lock _lock = new();
    private readonly KernelHandle _map;
    private readonly RingMapping _ring;
    private readonly string _subject;
    private IKernelWaiter? _waiter;
    private bool _isReading;
    private volatile bool _disposed;
    private bool _isReleased;

    /// <summary>Maps the ring buffer. The map may be disposed of while this reads.</summary>
    /// <param name="map">A map of type RINGBUF.</param>
    /// <exception cref="ArgumentException">It is another kind of map.</exception>
    /// <exception cref="BpfException">The kernel refused the mapping.</exception>
    public RingBuffer(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.RingBuf)
            throw new ArgumentException($"{map.Subject} is a {map.Type} map; a ring buffer reads a RingBuf map.", nameof(map));
        _subject = map.Subject;
        _map = map.Handle.Duplicate();
        try
        {
            _ring = new RingMapping(map.Kernel, _map.DangerousFd, map.MaxEntries, _subject);
        }
        catch
        {
            _map.Dispose();
            throw;
        }

        Size = map.MaxEntries;
    }

    /// <summary>Bytes of the ring.</summary>
    public uint Size { get; }

    /// <summary>The kernel of the map.</summary>
    internal IBpfKernel Kernel => _map.Kernel;

    /// <summary>Descriptor of the map, for a waiter.</summary>
    internal int MapDescriptor => _map.DangerousFd;

    /// <summary>"map 'events'".</summary>
    internal string Subject => _subject;

    /// <summary>Bytes that programs have reserved and this has not read, with headers and records still being written.</summary>
    public long AvailableBytes
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return (long)_ring.AvailableBytes;
            }
        }
    }

    /// <summary>Hands all finished records to a handler, in place; does not wait.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here, with that record counted as read.</param>
    /// <param name="maxRecords">The most records, so that a fast producer cannot keep the caller for ever.</param>
    /// <returns>How many records were handed over.</returns>
    public int Consume(RingBufferHandler handler, int maxRecords = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        lock (_lock)
        {
            BeginReading();
            int count = 0;
            try
            {
                while (count < maxRecords && !_disposed && _ring.TryPeek(out ReadOnlySpan<byte> record))
                {
                    count++;
                    int length = record.Length;
                    try
                    {
                        handler(record);
                    }
                    finally
                    {
                        _ring.Advance(length);
                    }
                }
            }
            finally
            {
                EndReading();
            }

            return count;
        }
    }

    /// <summary>Hands all finished records to a handler as structures, in place; does not wait.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="handler">Called for each record. What it throws surfaces here, with that record counted as read.</param>
    /// <param name="maxRecords">The most records.</param>
    /// <returns>How many records were handed over.</returns>
    /// <exception cref="BpfException">A record is of another length than the structure; it is counted as read.</exception>
    public int Consume<T>(RingBufferHandler<T> handler, int maxRecords = int.MaxValue)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Consume(record => handler(in MemoryMarshal.AsRef<T>(Sized<T>(record))), maxRecords);
    }

    /// <summary>Waits until there is a record, the time is over or the wait is cancelled, and hands over what is there.</summary>
    /// <param name="handler">Called for each record. What it throws surfaces here, with that record counted as read.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maxRecords">The most records.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were handed over; 0 at the end of the time. Records that were written without a wake-up are found within 100 ms.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was read.</exception>
    public int Poll(RingBufferHandler handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        IKernelWaiter waiter = Waiter();
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static w => BufferWait.Wake((IKernelWaiter)w!), waiter);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Consume(handler, maxRecords);
            if (count > 0)
                return count;
            int sleep = BufferWait.NextSleep(timeout, start);
            if (sleep == 0)
                return 0;
            Wait(waiter, sleep);
        }
    }

    /// <summary>Waits until there is a record, the time is over or the wait is cancelled, and hands over what is there, as structures.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <inheritdoc cref="Poll(RingBufferHandler, TimeSpan, int, CancellationToken)" path="/*[not(self::summary)]"/>
    /// <exception cref="BpfException">A record is of another length than the structure; it is counted as read.</exception>
    public int Poll<T>(RingBufferHandler<T> handler, TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Poll(record => handler(in MemoryMarshal.AsRef<T>(Sized<T>(record))), timeout, maxRecords, cancellationToken);
    }

    /// <summary>Copies the next finished record out; does not wait.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="record">The record.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfException">The record is of another length than the structure; it is counted as read.</exception>
    public bool TryRead<T>(out T record)
        where T : unmanaged
    {
        lock (_lock)
        {
            BeginReading();
            try
            {
                record = default;
                if (!_ring.TryPeek(out ReadOnlySpan<byte> bytes))
                    return false;
                try
                {
                    record = MemoryMarshal.Read<T>(Sized<T>(bytes));
                }
                finally
                {
                    _ring.Advance(bytes.Length);
                }

                return true;
            }
            finally
            {
                EndReading();
            }
        }
    }

    /// <summary>Copies the next finished record out; does not wait.</summary>
    /// <param name="record">The record, or null.</param>
    /// <returns>False if there is none.</returns>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? record)
    {
        byte[]? copy = null;
        Consume(bytes => copy = bytes.ToArray(), maxRecords: 1);
        record = copy;
        return copy is not null;
    }

    /// <summary>Reads records for ever, as structures. One reader at a time is meant; records are copied out one by one, so none is lost when it ends.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public async IAsyncEnumerable<T> ReadAllAsync<T>([EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(out T record))
                yield return record;
            else
                await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads records for ever, as bytes. One reader at a time is meant; records are copied out one by one, so none is lost when it ends.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public async IAsyncEnumerable<byte[]> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(out byte[]? record))
                yield return record;
            else
                await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the present wait, or the next one, of another thread: it looks for records and waits on.</summary>
    public void Flush() => Waiter().Wake();

    /// <summary>Unmaps the ring buffer after the record in hand, and ends waits with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        IKernelWaiter? waiter;

        // Seen by a reading in progress, which then stops after the record in hand.
        _disposed = true;
        lock (_lock)
        {
            waiter = _waiter;
            _waiter = null;

            // From within a handler the memory is still in use: the reading that called it releases it.
            if (!_isReading)
                Release();
        }

        waiter?.Dispose();
    }

    // A wait of the kernel occupies a thread; a dedicated one, so that readers do not starve the pool.
    private Task WaitAsync(CancellationToken cancellationToken)
    {
        IKernelWaiter waiter = Waiter();
        return Task.Factory.StartNew(
            () =>
            {
                using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static w => BufferWait.Wake((IKernelWaiter)w!), waiter);
                if (!cancellationToken.IsCancellationRequested)
                    Wait(waiter, BufferWait.LongestSleep);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private void Wait(IKernelWaiter waiter, int milliseconds)
    {
        Span<uint> tokens = stackalloc uint[1];
        int result = waiter.Wait(tokens, milliseconds);
        if (result < 0)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            KernelErrors.Throw(result, _map.Kernel, "waiting", _subject);
        }

        // Ready with nothing to hand over means that a record is being written: give its writer the CPU.
        if (result > 0)
            Thread.Yield();
    }

    private IKernelWaiter Waiter()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_waiter is not null)
                return _waiter;
            KernelErrors.Check(_map.Kernel.CreateWaiter(out IKernelWaiter? waiter), _map.Kernel, "making a waiter", _subject);
            int result = waiter!.Add(_map.DangerousFd, 0);
            if (result < 0)
            {
                waiter.Dispose();
                KernelErrors.Throw(result, _map.Kernel, "adding to a waiter", _subject);
            }

            return _waiter = waiter;
        }
    }

    private void BeginReading()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_isReading)
            throw new InvalidOperationException($"A handler of {_subject} reads the same buffer. Return from it first.");
        _isReading = true;
    }

    private void EndReading()
    {
        _isReading = false;
        _ring.Commit();
        if (_disposed)
            Release();
    }

    private void Release()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        _ring.Dispose();
        _map.Dispose();
    }

    private ReadOnlySpan<byte> Sized<T>(ReadOnlySpan<byte> record)
        where T : unmanaged =>
        record.Length == Unsafe.SizeOf<T>()
            ? record
            : throw new BpfException(BpfErrno.EINVAL, $"reading a record as {typeof(T).Name}", _subject, $"The record has {record.Length} bytes, {typeof(T).Name} {Unsafe.SizeOf<T>()}. Read records that vary in length as bytes.");
}
