using System.Diagnostics;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// Writes a user ring buffer map (USER_RINGBUF, 6.1), which programs read with bpf_user_ringbuf_drain(). Several threads
/// may reserve and submit at the same time; programs get the records in the order of their reservation, and none that
/// comes after one still reserved.
/// </summary>
public sealed unsafe class UserRingBuffer : IDisposable
{
    private const uint BusyBit = 1u << 31;
    private const uint DiscardBit = 1u << 30;
    private const int HeaderSize = 8;

    // A program gets a record as a dynptr, whose length has 24 bits. A longer one could never be drained.
    private const int MaxDynptrSize = (1 << 24) - 1;

    private readonly Lock _lock = new();
    private readonly IBpfKernel _kernel;
    private readonly BufferClaim _claim;
    private readonly BufferMemory _consumerMemory;
    private readonly BufferMemory _producerMemory;
    private readonly int _pageSize;
    private readonly string _subject;
    private int _open;
    private bool _disposed;
    private bool _isReleased;

    /// <summary>Maps the ring buffer. The map may be disposed of while this writes.</summary>
    /// <param name="map">A map of type USER_RINGBUF.</param>
    /// <exception cref="ArgumentException">It is another kind of map.</exception>
    /// <exception cref="InvalidOperationException">The map has a writer in this process: share that one.</exception>
    /// <exception cref="BpfException">The kernel refused the mapping.</exception>
    public UserRingBuffer(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.UserRingBuf)
            throw new ArgumentException($"{map.Subject} is a {map.Type} map; a user ring buffer writes a UserRingBuf map.", nameof(map));
        _subject = map.Subject;
        Size = map.MaxEntries;
        _kernel = map.Kernel;
        _pageSize = _kernel.Facts.PageSize;
        _claim = new BufferClaim(map);
        try
        {
            // The mappings keep the map alive, so that its descriptor is needed for them only.
            int fd = map.Handle.Enter();
            try
            {
                _consumerMemory = new BufferMemory(_kernel, fd, (nuint)_pageSize, MemoryProtection.Read, 0, "mapping the consumer page", _subject);
                _producerMemory = new BufferMemory(_kernel, fd, (nuint)_pageSize + 2 * (nuint)Size, MemoryProtection.Read | MemoryProtection.Write, (ulong)_pageSize, "mapping the data", _subject);
            }
            finally
            {
                map.Handle.Exit();
            }
        }
        catch
        {
            _consumerMemory?.Dispose();
            _claim.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the ring.</summary>
    public uint Size { get; }

    /// <summary>The longest record in bytes: the ring less a header, and less than 16 MiB.</summary>
    public int MaxRecordSize => (int)Math.Min(Size - HeaderSize, MaxDynptrSize);

    private ulong ConsumerPosition => Volatile.Read(ref *(ulong*)_consumerMemory.Address);

    private ref ulong ProducerPosition => ref *(ulong*)_producerMemory.Address;

    /// <summary>Reserves space for a record.</summary>
    /// <param name="size">Length of the record in bytes.</param>
    /// <param name="record">The record: fill <see cref="UserRingBufferRecord.Data"/>, then submit. Disposed of unsubmitted it is discarded.</param>
    /// <returns>False if the ring is full now.</returns>
    /// <exception cref="BpfException">The record is longer than the ring or a program can ever take (E2BIG).</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public bool TryReserve(int size, out UserRingBufferRecord record)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (size > MaxRecordSize)
            throw new BpfException(BpfErrno.E2BIG, $"reserving {size} bytes", _subject, $"The ring takes records of at most {MaxRecordSize} bytes.");
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ulong producer = ProducerPosition;
            ulong total = ((ulong)size + HeaderSize + 7) & ~7ul;
            if (total > Size - (producer - ConsumerPosition))
            {
                record = default;
                return false;
            }

            byte* header = Header(producer);
            *(uint*)header = (uint)size | BusyBit;
            *(uint*)(header + 4) = 0;
            Volatile.Write(ref ProducerPosition, producer + total);
            _open++;
            record = new UserRingBufferRecord(this, producer, size);
            return true;
        }
    }

    /// <summary>Reserves space for a record, waiting while the ring is full.</summary>
    /// <param name="size">Length of the record in bytes.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The record.</returns>
    /// <exception cref="BpfException">The ring was still full at the end of the time (ENOSPC), or can never take the record (E2BIG).</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was reserved.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of, before or during the wait.</exception>
    public UserRingBufferRecord Reserve(int size, TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        BufferWaiter.Check(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        UserRingBufferRecord record;
        while (!TryReserve(size, out record))
        {
            if (timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= timeout)
                throw new BpfException(BpfErrno.ENOSPC, $"reserving {size} bytes", _subject, "The ring is full: no program drains it, or not fast enough.");
            cancellationToken.ThrowIfCancellationRequested();

            // A program that drains with BPF_RB_NO_WAKEUP tells nobody, so this looks by itself.
            Thread.Sleep(1);
        }

        return record;
    }

    /// <summary>Writes a record.</summary>
    /// <param name="data">Its bytes.</param>
    /// <returns>False if the ring is full now.</returns>
    /// <inheritdoc cref="TryReserve" path="/exception"/>
    public bool TryWrite(ReadOnlySpan<byte> data)
    {
        if (!TryReserve(data.Length, out UserRingBufferRecord record))
            return false;
        data.CopyTo(record.Data);
        record.Submit();
        return true;
    }

    /// <summary>Writes a structure as a record.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="value">Its value.</param>
    /// <returns>False if the ring is full now.</returns>
    /// <inheritdoc cref="TryReserve" path="/exception"/>
    public bool TryWrite<T>(in T value)
        where T : unmanaged
    {
        fixed (T* pointer = &value)
        {
            return TryWrite(new ReadOnlySpan<byte>(pointer, sizeof(T)));
        }
    }

    /// <summary>
    /// Unmaps the ring. Records that are reserved keep it mapped until they are submitted or discarded, and are the only
    /// ones that may still be.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Release();
        }
    }

    /// <summary>The bytes of a reserved record.</summary>
    internal Span<byte> Data(ulong position, int size)
    {
        lock (_lock)
            return IsReserved(position) ? new Span<byte>(Header(position) + HeaderSize, size) : throw Done();
    }

    /// <summary>Submits or discards a record.</summary>
    /// <returns>False if that was done already.</returns>
    internal bool Finish(ulong position, int size, bool discard)
    {
        lock (_lock)
        {
            if (!IsReserved(position))
                return false;

            // The exchange orders the record's bytes before its header for the program that reads it.
            Interlocked.Exchange(ref *(uint*)Header(position), (uint)size | (discard ? DiscardBit : 0));
            _open--;
            Release();
            return true;
        }
    }

    internal static InvalidOperationException Done() => new("The record was submitted or discarded already.");

    private byte* Header(ulong position) => (byte*)_producerMemory.Address + _pageSize + (nint)(position & (Size - 1));

    // A copy of the record may have been submitted, and its place be another's by now.
    private bool IsReserved(ulong position) =>
        !_isReleased && position >= ConsumerPosition && (*(uint*)Header(position) & BusyBit) != 0;

    private void Release()
    {
        if (!_disposed || _open != 0 || _isReleased)
            return;
        _isReleased = true;
        _producerMemory.Dispose();
        _consumerMemory.Dispose();
        _claim.Dispose();
    }
}
