using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Packet bytes in native memory with room before and behind, as an xdp_buff or the linear part of an sk_buff has them.
/// Programs see <c>data_meta &lt;= data &lt;= data_end</c> inside one region; a helper that moves any of them calls
/// <see cref="Publish"/>, which closes the old region, so that stale packet pointers fault.
/// </summary>
internal sealed unsafe class PacketBuffer : IDisposable
{
    private byte* _memory;
    private readonly List<nint> _replaced = [];
    private int _region;

    public PacketBuffer(int headroom, int length, int tailroom)
    {
        Capacity = headroom + length + tailroom;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(Capacity, 8), 64);
        NativeMemory.Clear(_memory, (nuint)Math.Max(Capacity, 8));
        DataOffset = headroom;
        MetaOffset = headroom;
        EndOffset = headroom + length;
    }

    ~PacketBuffer() => Free();

    /// <summary>Bytes in all.</summary>
    public int Capacity { get; private set; }

    /// <summary>Where data begins, in bytes from the start of the memory.</summary>
    public int DataOffset { get; set; }

    /// <summary>Where the metadata before the data begins; equal to <see cref="DataOffset"/> without any.</summary>
    public int MetaOffset { get; set; }

    /// <summary>Where data ends.</summary>
    public int EndOffset { get; set; }

    /// <summary>Where the network header begins, relative to data; may be negative.</summary>
    public int NetworkOffset { get; set; }

    /// <summary>Where the link layer header begins, relative to data; may be negative.</summary>
    public int LinkOffset { get; set; }

    /// <summary>Bytes of data.</summary>
    public int Length => EndOffset - DataOffset;

    /// <summary>The data.</summary>
    public Span<byte> Data => new(_memory + DataOffset, Length);

    /// <summary>First byte of the data.</summary>
    public byte* DataPointer => _memory + DataOffset;

    /// <summary>First byte of the memory.</summary>
    public byte* Memory => _memory;

    /// <summary>Guest address of data_meta.</summary>
    public ulong MetaAddress { get; private set; }

    /// <summary>Guest address of data.</summary>
    public ulong DataAddress => MetaAddress + (uint)(DataOffset - MetaOffset);

    /// <summary>Guest address of data_end.</summary>
    public ulong EndAddress => MetaAddress + (uint)(EndOffset - MetaOffset);

    /// <summary>Opens the packet's region at the start of a run.</summary>
    public void Open(RunContext run, bool writable)
    {
        uint length = (uint)(EndOffset - MetaOffset);
        MetaAddress = run.Memory.OpenFixed(
            RegionLayout.Packet, RegionKind.Packet, _memory + MetaOffset, length, writable ? length : 0, this);
        _region = RegionLayout.Packet;
        IsWritable = writable;
    }

    /// <summary>Programs may store through packet pointers.</summary>
    public bool IsWritable { get; private set; }

    /// <summary>Makes sure that there are so many bytes before the data and behind it, by moving all of it if need be.</summary>
    public void EnsureRoom(int head, int tail)
    {
        int before = Math.Max(head - MetaOffset, 0);
        int behind = Math.Max(EndOffset + tail - Capacity, 0);
        if (before == 0 && behind == 0)
            return;
        before = (before + 63) & ~63;
        int capacity = before + Capacity + behind;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, 64);
        NativeMemory.Clear(memory, (nuint)capacity);
        Buffer.MemoryCopy(_memory, memory + before, Capacity, Capacity);
        _replaced.Add((nint)_memory);
        _memory = memory;
        Capacity = capacity;
        DataOffset += before;
        MetaOffset += before;
        EndOffset += before;
    }

    /// <summary>The offsets changed: packet pointers that the program holds are void, new ones are handed out.</summary>
    public void Publish(RunContext run)
    {
        run.Memory.Close(_region, RegionEnd.PacketChanged);
        uint length = (uint)(EndOffset - MetaOffset);
        MetaAddress = run.OpenRegion(RegionKind.Packet, _memory + MetaOffset, length, IsWritable ? length : 0, this);
        _region = GuestAddress.RegionOf(MetaAddress);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    // Memory that was outgrown is kept until the end: dynptr slices of this run may still lead there.
    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        foreach (nint memory in _replaced)
            NativeMemory.AlignedFree((void*)memory);
        _replaced.Clear();
    }
}
