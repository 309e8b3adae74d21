using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>RINGBUF: programs reserve and commit, user space reads the mapping.</summary>
internal sealed unsafe class RingBufferMap : EmulatedMap
{
    private const ulong NoWakeup = 1, ForceWakeup = 2;
    private readonly RingMemory _ring;
    private readonly bool _overwrites;
    private ulong _pending; // position of the oldest record that is not committed
    private ulong _oldest;  // with BPF_F_RB_OVERWRITE: position of the oldest record that is not overwritten
    private int _lock;

    public RingBufferMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _ring = new RingMemory(kernel.Machine.PageSize, spec.MaxEntries);
        _overwrites = spec.Has(BpfMapFlags.RbOverwrite);
    }

    public override bool CanBeWaitedFor => true;

    public override bool IsReadable
    {
        get
        {
            ulong producer = Volatile.Read(ref _ring.ProducerPosition);
            return producer != Volatile.Read(ref _ring.ConsumerPosition);
        }
    }

    /// <summary>The memory, for tests.</summary>
    public RingMemory Memory => _ring;

    /// <summary>bpf_ringbuf_reserve(): address of the record's data, which stays valid until it is committed; null if there is no room.</summary>
    /// <param name="size">Bytes of data.</param>
    /// <param name="flags">Must be 0.</param>
    public byte* Reserve(ulong size, ulong flags)
    {
        if (flags != 0 || size > RingMemory.MaximumRecord)
            return null;
        ulong length = RingMemory.RecordSize((uint)size);
        if (length > _ring.DataSize)
            return null;
        ulong consumer = Volatile.Read(ref _ring.ConsumerPosition);
        SpinWord.Acquire(ref _lock);
        byte* header = TryAdvance(length, consumer);
        if (header != null)
        {
            *(uint*)header = (uint)size | RingMemory.BusyBit;
            *(uint*)(header + 4) = 3 + ((uint)(header - _ring.Data) / _ring.PageSize);
            _ring.Mirror(header, RingMemory.HeaderSize);
            Volatile.Write(ref _ring.ProducerPosition, _ring.ProducerPosition + length);
        }

        SpinWord.Release(ref _lock);
        return header == null ? null : header + RingMemory.HeaderSize;
    }

    /// <summary>bpf_ringbuf_submit() and bpf_ringbuf_discard().</summary>
    /// <param name="data">What <see cref="Reserve"/> gave.</param>
    /// <param name="flags">1 no wake-up, 2 wake-up whatever the consumer's position.</param>
    /// <param name="discard">True to have the consumer skip the record.</param>
    public void Commit(byte* data, ulong flags, bool discard)
    {
        byte* header = data - RingMemory.HeaderSize;
        uint length = *(uint*)header & ~RingMemory.BusyBit;
        _ring.Mirror(data, length);
        if (discard)
            length |= RingMemory.DiscardBit;
        ulong position = (ulong)(header - _ring.Data);
        Volatile.Write(ref *(uint*)(header + _ring.DataSize), length);
        Interlocked.Exchange(ref *(uint*)header, length);
        ulong consumer = Volatile.Read(ref _ring.ConsumerPosition) & (_ring.DataSize - 1);
        if ((flags & ForceWakeup) != 0 || (consumer == position && (flags & NoWakeup) == 0))
            Signal();
    }

    /// <summary>bpf_ringbuf_output().</summary>
    /// <returns>0, -EINVAL, or -EAGAIN if there is no room.</returns>
    public int Output(byte* source, ulong size, ulong flags)
    {
        if ((flags & ~(NoWakeup | ForceWakeup)) != 0)
            return -Errno.EINVAL;
        byte* data = Reserve(size, 0);
        if (data == null)
            return -Errno.EAGAIN;
        Unsafe.CopyBlockUnaligned(data, source, (uint)size);
        Commit(data, flags, discard: false);
        return 0;
    }

    /// <summary>bpf_ringbuf_query(): 0 bytes not consumed, 1 size, 2 consumer's position, 3 producer's, 4 overwritten up to (6.19); others give 0.</summary>
    public ulong Query(ulong flags)
    {
        ulong consumer = Volatile.Read(ref _ring.ConsumerPosition);
        ulong producer = Volatile.Read(ref _ring.ProducerPosition);
        return flags switch
        {
            0 => producer - (_overwrites ? Math.Max(consumer, Volatile.Read(ref _oldest)) : consumer),
            1 => _ring.DataSize,
            2 => consumer,
            3 => producer,
            4 => Volatile.Read(ref _oldest),
            _ => 0,
        };
    }

    public override int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        int error = CheckMapping(request);
        if (error != 0)
            return error;
        if (request.IsWritable && (request.Offset != 0 || request.Length != _ring.PageSize))
            return -Errno.EPERM;
        if (request.Offset + request.Length > _ring.MappedSize || request.Offset + request.Length < request.Offset)
            return -Errno.EINVAL;
        address = (nint)(_ring.Start + request.Offset);
        return 0;
    }

    protected override void Destroy()
    {
        _ring.Dispose();
        base.Destroy();
    }

    // The header of a record of so many bytes, if there is room; under the lock.
    private byte* TryAdvance(ulong length, ulong consumer)
    {
        ulong producer = _ring.ProducerPosition;
        ulong end = producer + length;
        while (_pending < producer)
        {
            uint header = Volatile.Read(ref *(uint*)_ring.At(_pending));
            if ((header & RingMemory.BusyBit) != 0)
                break;
            _pending += RingMemory.RecordSize(header);
        }

        ulong mask = _ring.DataSize - 1;
        if (end - _pending > mask || (!_overwrites && end - consumer > mask))
            return null;
        if (_overwrites)
        {
            while (end - _oldest > mask)
                Volatile.Write(ref _oldest, _oldest + RingMemory.RecordSize(*(uint*)_ring.At(_oldest)));
        }

        return _ring.At(producer);
    }
}
