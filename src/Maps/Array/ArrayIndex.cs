using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Maps;

/// <summary>The check of indexes that the kernel could not make: to it a negative one is a large one.</summary>
internal static class ArrayIndex
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int index)
    {
        if (index < 0)
            Throw(index);
    }

    [DoesNotReturn]
    private static void Throw(int index) => throw new ArgumentOutOfRangeException(nameof(index), index, "An index cannot be negative.");
}
