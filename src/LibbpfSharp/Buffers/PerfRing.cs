using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>One CPU's ring of a perf buffer: a page of positions (struct perf_event_mmap_page) and the records. Not thread safe.</summary>
internal sealed unsafe class PerfRing : IDisposable
{
    private const uint RecordLost = 2;
    private const uint RecordSample = 9;
    private const int HeaderSize = 8;
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;

    private readonly KernelHandle _event;
    private readonly BufferMemory _memory;
    private readonly string _subject;
    private readonly ulong* _head;
    private readonly ulong* _tail;
    private readonly byte* _data;
    private readonly ulong _mask;
    private readonly ulong _portion;
    private ulong _position;  // how far the reading has got
    private ulong _committed; // how far the kernel knows
    private ulong _lost;
    private byte[] _scratch = [];

    /// <summary>Takes ownership of the event and its mapping.</summary>
    public PerfRing(KernelHandle perfEvent, int cpu, BufferMemory memory, int pageSize, int pages, string subject)
    {
        _event = perfEvent;
        _memory = memory;
        _subject = subject;
        Cpu = cpu;
        byte* page = (byte*)memory.Address;
        _head = (ulong*)(page + HeadOffset);
        _tail = (ulong*)(page + TailOffset);
        _data = page + pageSize;
        ulong size = (ulong)pageSize * (ulong)pages;
        _mask = size - 1;
        _portion = size / 8;
        _position = _committed = *_tail;
    }

    /// <summary>Number of the CPU.</summary>
    public int Cpu { get; }

    /// <summary>The perf event.</summary>
    public int EventDescriptor => _event.DangerousFd;

    /// <summary>Records that the kernel dropped because the ring was full, as far as the reading has got.</summary>
    public ulong Lost => Volatile.Read(ref _lost);

    /// <summary>Hands samples over, in order, that were there at the call.</summary>
    /// <returns>False if it ended before the last of them.</returns>
    public bool Read<TVisitor>(ref TVisitor visitor, int maxRecords, ref int count, ref bool stop)
        where TVisitor : struct, IRecordVisitor
    {
        ulong head = Volatile.Read(ref *_head);
        ulong position = _position;
        ulong limit = _committed + _portion;
        int taken = count;
        while (position != head)
        {
            // A header is 8-aligned in a ring of whole pages: it never wraps.
            byte* record = _data + (position & _mask);
            uint type = *(uint*)record;
            uint size = *(ushort*)(record + 6);
            if (size < HeaderSize)
                ThrowDamaged(size);
            if ((position & _mask) + size > _mask + 1)
                record = Join(record, size);
            position += size;
            _position = position;
            if (type == RecordSample)
            {
                count = ++taken;
                uint length = Math.Min(*(uint*)(record + HeaderSize), size - HeaderSize - sizeof(uint));
                visitor.Visit(Cpu, new ReadOnlySpan<byte>(record + HeaderSize + sizeof(uint), (int)length));
                if (taken == maxRecords || Volatile.Read(ref stop))
                    return position == head;
            }
            else if (type == RecordLost)
            {
                CountLost(*(ulong*)(record + HeaderSize + sizeof(ulong)));
            }

            if (position >= limit)
            {
                Commit();
                limit = position + _portion;
            }
        }

        return true;
    }

    /// <summary>Gives the space of what was read back to the kernel.</summary>
    public void Commit()
    {
        if (_committed == _position)
            return;
        Volatile.Write(ref *_tail, _position);
        _committed = _position;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _event.Dispose();
    }

    // A record that runs over the ring's end, in one piece. The array is pinned as long as it lives.
    private byte* Join(byte* record, uint size)
    {
        if (_scratch.Length == 0)
            _scratch = GC.AllocateUninitializedArray<byte>(ushort.MaxValue + 1, pinned: true);
        byte* joined = (byte*)Unsafe.AsPointer(ref _scratch[0]);
        uint first = (uint)(_data + _mask + 1 - record);
        Unsafe.CopyBlockUnaligned(joined, record, first);
        Unsafe.CopyBlockUnaligned(joined + first, _data, size - first);
        return joined;
    }

    private void CountLost(ulong count)
    {
        Volatile.Write(ref _lost, _lost + count);
        BpfMetrics.RecordsLost(count, _subject);
    }

    private void ThrowDamaged(uint size) =>
        throw new BpfException(BpfErrno.EIO, "reading a perf buffer", _subject, $"The ring of CPU {Cpu} has a record of {size} bytes, less than a header: something else writes its memory.");
}
