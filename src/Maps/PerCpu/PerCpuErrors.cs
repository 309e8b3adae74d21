using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Maps;

/// <summary>Mistakes with per-CPU values, in words.</summary>
internal static class PerCpuErrors
{
    [DoesNotReturn]
    public static void ThrowSlot(int slot, int count) =>
        throw new ArgumentOutOfRangeException(nameof(slot), slot, $"There are values of {count} possible CPUs, at 0 to {count - 1}.");

    public static ArgumentException Length(int length, int count) =>
        new($"Values of {count} possible CPUs are needed, and the span has {length}. The count is the kernel's (PossibleCpuCount), not Environment.ProcessorCount.");
}
