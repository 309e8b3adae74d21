namespace LibbpfSharp.Emulator;

/// <summary>USER_RINGBUF: user space writes through the mapping, a program drains.</summary>
internal sealed unsafe class UserRingBufferMap : EmulatedMap
{
    /// <summary>Most samples of one bpf_user_ringbuf_drain().</summary>
    public const int MaximumSamples = 128 * 1024;

    private const ulong NoWakeup = 1, ForceWakeup = 2;
    private readonly RingMemory _ring;
    private int _busy;

    public UserRingBufferMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec) =>
        _ring = new RingMemory(kernel.Machine.PageSize, spec.MaxEntries);

    public override bool CanBeWaitedFor => true;

    /// <summary>Begins bpf_user_ringbuf_drain(): one at a time.</summary>
    /// <returns>0, -EINVAL for unknown flags, -EBUSY while another drains.</returns>
    public int BeginDrain(ulong flags)
    {
        if ((flags & ~(NoWakeup | ForceWakeup)) != 0)
            return -Errno.EINVAL;
        return Interlocked.CompareExchange(ref _busy, 1, 0) == 0 ? 0 : -Errno.EBUSY;
    }

    /// <summary>The next sample; it is consumed by <see cref="ReleaseSample"/>.</summary>
    /// <returns>0; -ENODATA (61) when there is none; -EAGAIN for a discarded one, already consumed; another error for what user space wrote wrongly.</returns>
    public int PeekSample(out byte* sample, out uint size)
    {
        sample = null;
        size = 0;
        ulong producer = Volatile.Read(ref _ring.ProducerPosition);
        if (producer % 8 != 0)
            return -Errno.EINVAL;
        ulong consumer = _ring.ConsumerPosition;
        if (consumer >= producer)
            return -(int)BpfErrno.ENODATA;
        byte* header = _ring.At(consumer);
        uint word = Volatile.Read(ref *(uint*)header);
        ulong total = RingMemory.RecordSize(word);
        if (total > producer - consumer)
            return -Errno.EINVAL;
        uint length = word & ~(RingMemory.BusyBit | RingMemory.DiscardBit);
        if (total > _ring.DataSize || length > 0xFFFFFF)
            return -Errno.E2BIG;
        if ((word & RingMemory.DiscardBit) != 0)
        {
            Volatile.Write(ref _ring.ConsumerPosition, consumer + total);
            return -Errno.EAGAIN;
        }

        if ((word & RingMemory.BusyBit) != 0)
            return -(int)BpfErrno.ENODATA;
        sample = header + RingMemory.HeaderSize;
        size = length;
        return 0;
    }

    /// <summary>Consumes the sample that was looked at.</summary>
    public void ReleaseSample(uint size) =>
        Volatile.Write(ref _ring.ConsumerPosition, _ring.ConsumerPosition + RingMemory.RecordSize(size));

    /// <summary>Ends a drain.</summary>
    /// <param name="flags">The helper's flags.</param>
    /// <param name="samples">Samples consumed; any wake those who wait for room.</param>
    public void EndDrain(ulong flags, int samples)
    {
        Volatile.Write(ref _busy, 0);
        if ((flags & ForceWakeup) != 0 || ((flags & NoWakeup) == 0 && samples > 0))
            Signal();
    }

    public override int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        int error = CheckMapping(request);
        if (error != 0)
            return error;
        if (request.IsWritable && request.Offset == 0)
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
}
