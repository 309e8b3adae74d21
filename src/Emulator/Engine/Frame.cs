using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Registers of one function call, in native memory so that they never move and a fault can show them all.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
internal unsafe struct Frame
{
    public const int SizeInBytes = 128;

    /// <summary>r0 to r10, and one the compiler of instructions may use.</summary>
    [FieldOffset(0)] public fixed ulong Registers[12];

    /// <summary>Where the caller goes on; null for a frame that an engine call started.</summary>
    [FieldOffset(96)] public Op* Return;

    /// <summary>The op that runs, or that called out; kept at calls and faults.</summary>
    [FieldOffset(104)] public Op* Current;

    /// <summary>Index of the function.</summary>
    [FieldOffset(112)] public int Function;

    /// <summary>1 if a tail call replaced the program in this frame.</summary>
    [FieldOffset(116)] public int Replaced;

    /// <summary>Times that may_goto may still jump in this frame.</summary>
    [FieldOffset(120)] public int MayGotoLeft;
}
