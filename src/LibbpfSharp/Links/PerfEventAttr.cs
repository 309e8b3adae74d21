using System.Runtime.InteropServices;

namespace LibbpfSharp;

/// <summary>struct perf_event_attr, the part used here (128 bytes as of Linux 5.13; older kernels accept a zero tail).</summary>
[StructLayout(LayoutKind.Explicit, Size = (int)ByteSize)]
internal struct PerfEventAttr
{
    public const uint ByteSize = 128;

    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Size;
    [FieldOffset(8)] public ulong Config;
    [FieldOffset(16)] public ulong SamplePeriod;
    [FieldOffset(24)] public ulong SampleType;
    [FieldOffset(40)] public ulong Bits;
    [FieldOffset(48)] public uint WakeupEvents;
    [FieldOffset(56)] public ulong Config1;
    [FieldOffset(64)] public ulong Config2;

    /// <summary>Bit of <see cref="Bits"/>: SamplePeriod is a frequency.</summary>
    public const ulong Frequency = 1 << 10;
}
