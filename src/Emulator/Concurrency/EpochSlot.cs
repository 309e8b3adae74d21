using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>A thread's place in an <see cref="EpochGate"/>, on cache lines of its own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal sealed class EpochSlot(EpochGate gate)
{
#pragma warning disable CA1823, CS0169, IDE0051 // padding
    private readonly Padding _before;
#pragma warning restore CA1823, CS0169, IDE0051

    /// <summary>The gate it belongs to.</summary>
    public readonly EpochGate Gate = gate;

    /// <summary>Epoch at which the thread entered; 0 while it is outside.</summary>
    public long Epoch;

    /// <summary>Nested entries; only the thread itself looks at it.</summary>
    public int Depth;

#pragma warning disable CA1823, CS0169, IDE0051
    private readonly Padding _after;
#pragma warning restore CA1823, CS0169, IDE0051

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Padding;
}
