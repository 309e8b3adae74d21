using System.Diagnostics;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// Writes a user ring buffer map (USER_RINGBUF, 6.1), which programs read with bpf_user_ringbuf_drain(). Several threads
/// may reserve and submit at the same time.
/// </summary>
public sealed unsafe class UserRingBuffer : IDisposable
{
    private const uint BusyBit = 1u << 31;
    private const uint DiscardBit = 1u << 30;
    private const int HeaderSize = 8;

    private readonly Lock _lock = new();
    private readonly KernelHandle _map;
    private readonly int _pageSize;
    private readonly nuint _producerLength;
    private readonly string _subject;
    private nint _consumerPage;
    private nint _producerPage;
    private int _open;
    private bool _disposed;

    /// <summary>Maps the ring buffer. The map may be disposed of while this writes.</summary>
    /// <param name="map">A map of type USER_RINGBUF.</param>
    /// <exception cref="ArgumentException">It is another kind of map.</exception>
    /// <exception cref="BpfException">The kernel refused the mapping.</exception>
    public UserRingBuffer(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.UserRingBuf)
            throw new ArgumentException($"{map.Subject} is a {map.Type} map; a user ring buffer writes a UserRingBuf map.", nameof(map));
        _subject = map.Subject;
        Size = map.MaxEntries;
        IBpfKernel kernel = map.Kernel;
        _pageSize = kernel.Facts.PageSize;
        _producerLength = (nuint)_pageSize + 2 * (nuint)Size;
        _map = map.Handle.Duplicate();
        try
        {
            nint address = 0;
            KernelErrors.Check(kernel.MapMemory(_map.DangerousFd, (nuint)_pageSize, MemoryProtection.Read, MemorySharing.Shared, 0, ref address), kernel, "mapping the consumer page", _subject);
            _consumerPage = address;
            address = 0;
            KernelErrors.Check(kernel.MapMemory(_map.DangerousFd, _producerLength, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, (ulong)_pageSize, ref address), kernel, "mapping the data", _subject);
            _producerPage = address;
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Bytes of the ring.</summary>
    public uint Size { get; }

    /// <summary>The longest record in bytes: the ring less a header.</summary>
    public int MaxRecordSize => (int)Math.Min(Size - HeaderSize, int.MaxValue);

    private ulong ConsumerPosition => Volatile.Read(ref Unsafe.AsRef<ulong>((void*)_consumerPage));

    private ref ulong ProducerPosition => ref Unsafe.AsRef<ulong>((void*)_producerPage);

    /// <summary>Reserves space for a record.</summary>
    /// <param name="size">Length of the record in bytes.</param>
    /// <param name="record">The record: fill <see cref="UserRingBufferRecord.Data"/>, then submit. Disposed of unsubmitted it is discarded.</param>
    /// <returns>False if the ring is full now.</returns>
    /// <exception cref="BpfException">The record is longer than the ring can ever hold (E2BIG).</exception>
    public bool TryReserve(int size, out UserRingBufferRecord record)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (size > MaxRecordSize)
            throw new BpfException(BpfErrno.E2BIG, $"reserving {size} bytes", _subject, $"The ring holds records of at most {MaxRecordSize} bytes.");
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

            byte* header = (byte*)_producerPage + _pageSize + (nint)(producer & (Size - 1));
            *(uint*)header = (uint)size | BusyBit;
            *(uint*)(header + 4) = 0;
            Volatile.Write(ref ProducerPosition, producer + total);
            _open++;
            record = new UserRingBufferRecord(this, header, size);
            return true;
        }
    }

    /// <summary>Reserves space for a record, waiting while the ring is full.</summary>
    /// <param name="size">Length of the record in bytes.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The record.</returns>
    /// <exception cref="BpfException">The ring was still full at the end of the time (ENOSPC), or can never hold the record (E2BIG).</exception>
    public UserRingBufferRecord Reserve(int size, TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        UserRingBufferRecord record;
        while (!TryReserve(size, out record))
        {
            if (timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= timeout)
                throw new BpfException(BpfErrno.ENOSPC, $"reserving {size} bytes", _subject, "The ring is full: no program drains it, or not fast enough.");
            cancellationToken.ThrowIfCancellationRequested();
            Thread.Sleep(1);
        }

        return record;
    }

    /// <summary>Writes a record.</summary>
    /// <param name="data">Its bytes.</param>
    /// <returns>False if the ring is full now.</returns>
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
    public bool TryWrite<T>(in T value)
        where T : unmanaged
    {
        fixed (T* pointer = &value)
        {
            return TryWrite(new ReadOnlySpan<byte>(pointer, sizeof(T)));
        }
    }

    /// <summary>Unmaps the ring. Records reserved and not yet submitted must be gone: they keep it mapped until they are.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_open == 0)
                Release();
        }
    }

    internal void Finish(byte* header, int size, bool discard)
    {
        // The exchange orders the record's bytes before its header for the program that reads it.
        Interlocked.Exchange(ref *(uint*)header, (uint)size | (discard ? DiscardBit : 0));
        lock (_lock)
        {
            _open--;
            if (_disposed && _open == 0)
                Release();
        }
    }

    private void Release()
    {
        IBpfKernel kernel = _map.Kernel;
        if (_producerPage != 0)
            kernel.UnmapMemory(_producerPage, _producerLength);
        if (_consumerPage != 0)
            kernel.UnmapMemory(_consumerPage, (nuint)_pageSize);
        _producerPage = 0;
        _consumerPage = 0;
        _map.Dispose();
    }
}
