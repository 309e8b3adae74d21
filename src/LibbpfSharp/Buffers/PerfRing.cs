using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>One CPU's ring of a perf buffer: a page of positions (struct perf_event_mmap_page) and the records. Not thread safe.</summary>
internal sealed unsafe class PerfRing : IDisposable
{
    private const uint RecordLost = 2;
    private const uint RecordSample = 9;
    private const int HeaderSize = 8;
    private const int SizeOffset = 6;
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
    /// <param name="visitor">Takes the records.</param>
    /// <param name="progress">Counts them, also when the visitor throws, and ends the reading.</param>
    /// <returns>False if it ended before the last of them.</returns>
    public bool Read<TVisitor>(ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor
    {
        ulong head = Volatile.Read(ref *_head);
        while (_position != head)
        {
            ReadTo(Math.Min(head, _position + _portion), ref visitor, ref progress);
            if (progress.IsOver)
                return _position == head;
            Commit();
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

    // As in RingMapping, the position has to stay in a register across the visit.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadTo<TVisitor>(ulong end, ref TVisitor visitor, ref ReadingProgress progress)
        where TVisitor : struct, IRecordVisitor
    {
        ulong position = _position;
        while (position < end)
        {
            // A header is 8-aligned in a ring of whole pages: it never wraps. Type, 16 bits of flags, size.
            ulong offset = position & _mask;
            byte* record = _data + offset;
            if (offset + *(ushort*)(record + SizeOffset) > _mask + 1)
                record = Join(record);
            ulong header = *(ulong*)record;
            uint size = (uint)(header >> 48);
            if (size < HeaderSize)
                ThrowDamaged(size);
            _position = position += size;
            if ((uint)header == RecordSample)
            {
                uint length = *(uint*)(record + HeaderSize);
                if (length > size - HeaderSize - sizeof(uint))
                    ThrowDamaged(size);
                progress.Count++;
                visitor.Visit(Cpu, MemoryMarshal.CreateReadOnlySpan(ref record[HeaderSize + sizeof(uint)], (int)length));
                if (progress.IsOver)
                    return;
            }
            else if ((uint)header == RecordLost)
            {
                CountLost(*(ulong*)(record + HeaderSize + sizeof(ulong)));
            }
        }
    }

    // A record that runs over the ring's end, in one piece. The array is pinned as long as it lives.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Join(byte* record)
    {
        uint size = *(ushort*)(record + SizeOffset);
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
