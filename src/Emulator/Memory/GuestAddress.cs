using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// What a BPF program holds as an address: <c>0xFFFF_RRRR_OOOO_OOOO</c>. The upper 16 bits are a tag that makes it look like
/// a kernel address, then the number of a region, then an offset. An offset below zero borrows from the region number, so
/// the address selects another entry whose bounds it cannot meet. See docs/emulator-memory.md.
/// </summary>
internal static class GuestAddress
{
    public const ulong Tag = 0xFFFF_0000_0000_0000;
    public const int RegionShift = 32;
    public const int RegionCount = 1 << 16;
    public const uint RegionMask = RegionCount - 1;

    /// <summary>Address of byte 0 of a region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(int region, uint offset = 0) => Tag | ((ulong)(uint)region << RegionShift) | offset;

    /// <summary>The entry of the region table that an address selects, whatever the address is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RegionOf(ulong address) => (int)((uint)(address >> RegionShift) & RegionMask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OffsetOf(ulong address) => (uint)address;

    /// <summary>True if the address has the tag: it may point into a region. Says nothing of bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTagged(ulong address) => address >= Tag;
}
