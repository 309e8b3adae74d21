using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Memory of a ring buffer as it is mapped: the consumer's page, the producer's page, the data, and the data once more.
/// Linux maps the same pages twice; here they are two copies, kept equal by whoever writes through the kernel. A record
/// is written and read contiguously from its first byte, in the first copy, running into the second where it wraps.
/// </summary>
internal sealed unsafe class RingMemory : IDisposable
{
    public const uint HeaderSize = 8;
    public const uint BusyBit = 1u << 31;
    public const uint DiscardBit = 1u << 30;

    /// <summary>Largest record that fits the length field (UINT_MAX / 4).</summary>
    public const uint MaximumRecord = uint.MaxValue / 4;

    private readonly NativeBlock _memory;

    public RingMemory(int pageSize, uint size)
    {
        PageSize = (uint)pageSize;
        DataSize = size;
        _memory = new NativeBlock((2 * PageSize) + (2UL * size), PageSize);
        Data = _memory.Start + (2 * PageSize);
    }

    public uint PageSize { get; }

    /// <summary>Size of the ring in bytes, a power of two.</summary>
    public uint DataSize { get; }

    /// <summary>First byte of the first copy.</summary>
    public byte* Data { get; }

    /// <summary>Address of the first page.</summary>
    public byte* Start => _memory.Start;

    /// <summary>Length of a whole mapping in bytes.</summary>
    public ulong MappedSize => (2 * PageSize) + (2UL * DataSize);

    public ref ulong ConsumerPosition => ref *(ulong*)_memory.Start;

    public ref ulong ProducerPosition => ref *(ulong*)(_memory.Start + PageSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* At(ulong position) => Data + (position & (DataSize - 1));

    /// <summary>Bytes of the ring that a record takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RecordSize(uint length) => ((length & ~(BusyBit | DiscardBit)) + HeaderSize + 7UL) & ~7UL;

    /// <summary>Makes the other copy of some bytes equal; they begin in the first.</summary>
    public void Mirror(byte* start, uint length)
    {
        ulong offset = (ulong)(start - Data);
        ulong inFirst = Math.Min(length, DataSize - offset);
        Unsafe.CopyBlockUnaligned(start + DataSize, start, (uint)inFirst);
        if (inFirst < length)
            Unsafe.CopyBlockUnaligned(Data, start + inFirst, (uint)(length - inFirst));
    }

    public void Dispose() => _memory.Dispose();
}
