using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The check that fields which a command does not know are zero (CHECK_ATTR).</summary>
internal static class AttrTail
{
    /// <summary>Whether bytes <paramref name="from"/> to <paramref name="size"/> are all zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero(ref BpfAttr attr, uint size, uint from) => size <= from || IsZeroSlow(ref attr, size, from);

    private static bool IsZeroSlow(ref BpfAttr attr, uint size, uint from) =>
        !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref Unsafe.As<BpfAttr, byte>(ref attr), from), (int)(size - from)).ContainsAnyExcept((byte)0);
}
