using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// An entry of the region table, 32 bytes, in native memory: what a checked access of either engine reads. An access of
/// n bytes at address a is allowed if <c>a - GuestBase + n &lt;= ReadLength</c> (unsigned, 64 bits): a wrong tag, a
/// negative offset and a closed region all fail the same compare. The native address is <c>a + Delta</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
internal struct Region
{
    public const int SizeInBytes = 32;

    /// <summary>Guest address of byte 0; 0 if the entry was never opened.</summary>
    [FieldOffset(0)] public ulong GuestBase;

    /// <summary>Native address minus guest address.</summary>
    [FieldOffset(8)] public long Delta;

    /// <summary>Bytes that may be read; 0 when closed or when every access takes the slow path.</summary>
    [FieldOffset(16)] public uint ReadLength;

    /// <summary>Bytes that may be written; 0 when read-only.</summary>
    [FieldOffset(20)] public uint WriteLength;

    /// <summary>What it is.</summary>
    [FieldOffset(24)] public RegionKind Kind;

    /// <summary>For messages: what it was before it was closed.</summary>
    [FieldOffset(25)] public RegionKind ClosedKind;

    /// <summary>For messages: why it was closed.</summary>
    [FieldOffset(26)] public RegionEnd End;

    /// <summary>Length it had before it was closed, in bytes.</summary>
    [FieldOffset(28)] public uint FullLength;
}
