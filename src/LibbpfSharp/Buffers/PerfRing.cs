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

    private readonly IBpfKernel _kernel;
    private readonly KernelHandle _event;
    private readonly byte* _page;
    private readonly byte* _data;
    private readonly nuint _length;
    private readonly ulong _size;
    private byte[] _scratch = [];
    private bool _disposed;

    /// <summary>Takes ownership of the event and its mapping.</summary>
    public PerfRing(KernelHandle perfEvent, int cpu, nint address, nuint length, int pageSize)
    {
        _kernel = perfEvent.Kernel;
        _event = perfEvent;
        Cpu = cpu;
        _page = (byte*)address;
        _data = _page + pageSize;
        _length = length;
        _size = length - (nuint)pageSize;
    }

    public int Cpu { get; }

    public int EventDescriptor => _event.DangerousFd;

    /// <summary>Records that the kernel dropped because the ring was full, as far as the reading has got.</summary>
    public ulong Lost { get; private set; }

    /// <summary>Hands samples over, in order.</summary>
    public int Consume(PerfBufferHandler handler, int maxRecords)
    {
        ulong head = Volatile.Read(ref Unsafe.AsRef<ulong>(_page + HeadOffset));
        ref ulong tail = ref Unsafe.AsRef<ulong>(_page + TailOffset);
        int count = 0;
        while (tail != head && count < maxRecords)
        {
            ulong at = tail % _size;
            // A header is 8-aligned in a ring of whole pages: it never wraps.
            uint type = *(uint*)(_data + at);
            int size = *(ushort*)(_data + at + 6);
            ReadOnlySpan<byte> record = Contiguous(at, size);
            try
            {
                if (type == RecordSample)
                {
                    count++;
                    int length = BitConverter.ToInt32(record[HeaderSize..]);
                    handler(Cpu, record.Slice(HeaderSize + sizeof(uint), Math.Min(length, size - HeaderSize - sizeof(uint))));
                }
                else if (type == RecordLost)
                {
                    Lost += BitConverter.ToUInt64(record[(HeaderSize + sizeof(ulong))..]);
                }
            }
            finally
            {
                Volatile.Write(ref tail, tail + (ulong)size);
            }
        }

        return count;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _kernel.UnmapMemory((nint)_page, _length);
        _event.Dispose();
    }

    private ReadOnlySpan<byte> Contiguous(ulong at, int size)
    {
        if (at + (ulong)size <= _size)
            return new ReadOnlySpan<byte>(_data + at, size);
        if (_scratch.Length < size)
            _scratch = new byte[ushort.MaxValue + 1];
        int first = (int)(_size - at);
        new ReadOnlySpan<byte>(_data + at, first).CopyTo(_scratch);
        new ReadOnlySpan<byte>(_data, size - first).CopyTo(_scratch.AsSpan(first));
        return _scratch.AsSpan(0, size);
    }
}
