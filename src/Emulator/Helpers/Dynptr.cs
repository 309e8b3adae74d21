using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// struct bpf_dynptr as the kernel keeps it in the program's memory, 16 bytes: an address, a size with a type above it, and an
/// offset. The address is one of this run, so a dynptr that a program forged reaches nothing that the program could not reach.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
internal unsafe struct Dynptr
{
    public const int SizeInBytes = 16;

    /// <summary>Largest memory (DYNPTR_MAX_SIZE).</summary>
    public const uint MaximumSize = (1 << 24) - 1;

    private const uint ReadOnlyBit = 1u << 31;
    private const int TypeShift = 28;

    [FieldOffset(0)] public ulong Data;
    [FieldOffset(8)] private uint _size;
    [FieldOffset(12)] public uint Offset;

    public readonly bool IsNull => Data == 0;

    public readonly uint Size => _size & MaximumSize;

    public readonly DynptrKind Kind => (DynptrKind)((_size >> TypeShift) & 7);

    public readonly bool IsReadOnly => (_size & ReadOnlyBit) != 0;

    /// <summary>The dynptr that an argument points to.</summary>
    public static Dynptr* Of(RunContext run, ulong address, bool write = false) =>
        (Dynptr*)(write ? run.Write(address, SizeInBytes) : run.Read(address, SizeInBytes));

    public void Set(ulong data, DynptrKind kind, uint size, uint offset = 0, bool readOnly = false)
    {
        Data = data;
        _size = size | ((uint)kind << TypeShift) | (readOnly ? ReadOnlyBit : 0);
        Offset = offset;
    }

    public void SetSize(uint size) => _size = (_size & ~MaximumSize) | size;

    public void Clear() => this = default;

    /// <summary>Whether bytes lie inside (bpf_dynptr_check_off_len).</summary>
    public readonly bool Contains(ulong offset, ulong length) => length <= Size && offset <= Size - length;

    /// <summary>The packet behind a dynptr over one.</summary>
    public readonly PacketBuffer PacketOf(RunContext run)
    {
        if (Data == run.ContextAddress && run.ContextState?.Packet is { } packet)
            return packet;
        RunContext.FaultArgument("The dynptr is over a packet that this run does not have.");
        return null!;
    }
}
