using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private const int Looks = 3;
    private const int SpinsPerLook = 8; // about 0.3 us

    private readonly BufferMemory _consumerMemory;
    private readonly BufferMemory _producerMemory;
    private readonly ulong* _consumer;
    private readonly ulong* _producer;
    private readonly byte* _data;
    private readonly ulong _mask;
    private readonly ulong _portion;
    private ulong _position;  // how far the reading has got
    private ulong _committed; // how far the producers know
    private ulong _fenced;    // the position that was committed before the last fence

    public RingMapping(IBpfKernel kernel, int fd, uint size, string subject)
    {
        int page = kernel.Facts.PageSize;
        _mask = size - 1;

        // Space is given back in portions: a store that the producers' CPU must fetch costs more than a small record.
        _portion = Math.Max(size / 8, 1);
        _consumerMemory = new BufferMemory(kernel, fd, (nuint)page, MemoryProtection.Read | MemoryProtection.Write, 0, "mapping the consumer page", subject);
        try
        {
            _producerMemory = new BufferMemory(kernel, fd, (nuint)page + 2 * (nuint)size, MemoryProtection.Read, (ulong)page, "mapping the data", subject);
        }
        catch
        {
            _consumerMemory.Dispose();
            throw;
        }

        _consumer = (ulong*)_consumerMemory.Address;
        _producer = (ulong*)_producerMemory.Address;
        _data = (byte*)_producer + page;
        _fenced = ulong.MaxValue;
    }

    /// <summary>Bytes between the positions, headers and records still being written included.</summary>
    public ulong AvailableBytes => Volatile.Read(ref *_producer) - Math.Max(_position, Volatile.Read(ref *_consumer));

    /// <summary>
    /// Hands finished records over, in order; discarded ones are passed over. A record is left behind before it is handed
    /// over, and its space given back after. When this ends for want of records, the producers knew the position
    /// before it looked for the last time: whoever writes from then on wakes a waiting reader.
    /// </summary>
    /// <param name="visitor">Takes the records.</param>
    /// <param name="progress">Counts them, also when the visitor throws, and ends the reading.</param>
    public void Read<TVisitor>(ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor
    {
        // Whoever reads begins where the ring says, as another process may have read since.
        _position = _committed = Volatile.Read(ref *_consumer);
        ulong before;
        do
        {
            before = _position;
            ulong producer = Volatile.Read(ref *_producer);
            while (_position < producer && ReadTo(Math.Min(producer, _position + _portion), ref visitor, ref progress))
                Commit();
        }
        while (!progress.IsOver && ((_position != before && Linger()) || Fence()));
    }

    /// <summary>Gives the space of what was read back to the producers.</summary>
    public void Commit()
    {
        if (_committed == _position)
            return;
        Volatile.Write(ref *_consumer, _position);
        _committed = _position;
    }

    public void Dispose()
    {
        _producerMemory.Dispose();
        _consumerMemory.Dispose();
    }

    // What lives across the visit has to fit into the registers that calls preserve: the position most of all, as each
    // record's address waits for it. False if it ended before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadTo<TVisitor>(ulong end, ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor
    {
        ulong position = _position;
        while (position < end)
        {
            byte* header = _data + (position & _mask);
            uint length = Volatile.Read(ref *(uint*)header);
            if (length >= DiscardBit)
            {
                if ((length & BusyBit) != 0)
                    return false;
                _position = position += Extent(length & ~DiscardBit);
                continue;
            }

            _position = position += Extent(length);
            progress.Count++;
            visitor.Visit(0, MemoryMarshal.CreateReadOnlySpan(ref header[HeaderSize], (int)length));
            if (progress.IsOver)
                return false;
        }

        return true;
    }

    // With the header, 8-aligned.
    private static ulong Extent(uint length) => ((ulong)length + (HeaderSize + 7)) & ~7ul;

    // A producer whose record is next to be read sends an interrupt to its own CPU, to wake readers, and a look for records
    // takes the producers' position out of its cache. So a reader that has caught up with producers at work lets some
    // records gather, for less than a microsecond, before it tells its position.
    private bool Linger()
    {
        for (int look = 0; look < Looks; look++)
        {
            Thread.SpinWait(SpinsPerLook);
            if (Volatile.Read(ref *_producer) != _position)
                return true;
        }

        return false;
    }

    // A producer that saw an old position sends no wake-up. So before the reader may sleep it tells the position, and
    // looks once more: either it sees that producer's record, or the producer sees the position.
    private bool Fence()
    {
        if (_fenced == _position)
            return false;
        Commit();
        Interlocked.MemoryBarrier();
        _fenced = _position;
        return true;
    }
}
