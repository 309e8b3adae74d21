using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// A ring buffer's memory: a page with the consumer's position, a page with the producer's, and the data twice in a
/// row, so that a record is never split. Positions only grow; a header of 8 bytes (length, with bits 31 "busy" and 30
/// "discarded") goes before each record, and records are 8-aligned. Not thread safe.
/// </summary>
internal sealed unsafe class RingMapping : IDisposable
{
    private const uint BusyBit = 1u << 31;
    private const uint DiscardBit = 1u << 30;
    private const int HeaderSize = 8;

    private readonly IBpfKernel _kernel;
    private readonly int _pageSize;
    private readonly nuint _producerLength;
    private readonly ulong _mask;
    private readonly ulong _commitDistance;
    private nint _consumerPage;
    private nint _producerPage;
    private ulong _position;

    public RingMapping(IBpfKernel kernel, int fd, uint size, string subject)
    {
        _kernel = kernel;
        _pageSize = kernel.Facts.PageSize;
        _mask = size - 1;

        // Space is given back in portions: a store that the producers' CPU must fetch costs more than a small record.
        _commitDistance = Math.Max(size / 8, 1);
        _producerLength = (nuint)_pageSize + 2 * (nuint)size;
        nint address = 0;
        KernelErrors.Check(kernel.MapMemory(fd, (nuint)_pageSize, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref address), kernel, "mapping the consumer page", subject);
        _consumerPage = address;
        address = 0;
        int result = kernel.MapMemory(fd, _producerLength, MemoryProtection.Read, MemorySharing.Shared, (ulong)_pageSize, ref address);
        if (result < 0)
        {
            kernel.UnmapMemory(_consumerPage, (nuint)_pageSize);
            KernelErrors.Throw(result, kernel, "mapping the data", subject);
        }

        _producerPage = address;
        _position = Volatile.Read(ref Consumer);
    }

    /// <summary>Bytes between the positions, headers and records still being written included.</summary>
    public ulong AvailableBytes => Volatile.Read(ref Producer) - _position;

    private ref ulong Consumer => ref Unsafe.AsRef<ulong>((void*)_consumerPage);

    private ref ulong Producer => ref Unsafe.AsRef<ulong>((void*)_producerPage);

    /// <summary>The next finished record, which stays in place until <see cref="Advance"/>; discarded ones are passed over.</summary>
    /// <returns>False if there is none, or the next one is still being written.</returns>
    public bool TryPeek(out ReadOnlySpan<byte> record)
    {
        ulong producer = Volatile.Read(ref Producer);
        while (_position < producer)
        {
            byte* header = (byte*)_producerPage + _pageSize + (nint)(_position & _mask);
            uint length = Volatile.Read(ref Unsafe.AsRef<uint>(header));
            if ((length & BusyBit) != 0)
                break;
            if ((length & DiscardBit) == 0)
            {
                record = new ReadOnlySpan<byte>(header + HeaderSize, (int)length);
                return true;
            }

            Advance((int)(length & ~DiscardBit));
        }

        record = default;
        return false;
    }

    /// <summary>Leaves the record at hand behind; its space goes back to the producers with the next commit.</summary>
    /// <param name="length">Its length.</param>
    public void Advance(int length)
    {
        _position += ((ulong)length + HeaderSize + 7) & ~7ul;
        if (_position - Volatile.Read(ref Consumer) >= _commitDistance)
            Commit();
    }

    /// <summary>Tells the producers how far the reading has got.</summary>
    public void Commit()
    {
        if (Volatile.Read(ref Consumer) == _position)
            return;
        Volatile.Write(ref Consumer, _position);

        // A producer that saw the old position sends no wake-up; the load of its position that follows must not pass this store.
        Interlocked.MemoryBarrier();
    }

    public void Dispose()
    {
        if (_producerPage == 0)
            return;
        _kernel.UnmapMemory(_producerPage, _producerLength);
        _kernel.UnmapMemory(_consumerPage, (nuint)_pageSize);
        _producerPage = 0;
        _consumerPage = 0;
    }
}
