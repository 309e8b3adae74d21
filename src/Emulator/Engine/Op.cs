using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>An instruction as the engines step through it: decoded once at load, 16 bytes, in native memory.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Op
{
    /// <summary>What to do.</summary>
    [FieldOffset(0)] public OpCode Code;

    /// <summary>Destination register.</summary>
    [FieldOffset(2)] public byte Dst;

    /// <summary>Source register.</summary>
    [FieldOffset(3)] public byte Src;

    /// <summary>Memory: offset in bytes. Jumps: distance from this op to the target, in bytes of code.</summary>
    [FieldOffset(4)] public int Offset;

    /// <summary>Immediate, extended to 64 bits; a function pointer for helper calls.</summary>
    [FieldOffset(8)] public long Immediate;
}
