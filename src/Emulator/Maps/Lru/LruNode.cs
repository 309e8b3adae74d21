using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>One of an LRU map's places, or the head of a list of them. Lists are rings of numbers.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal unsafe struct LruNode
{
    /// <summary>Number of the newer neighbour.</summary>
    [FieldOffset(0)] public int Previous;

    /// <summary>Number of the older neighbour.</summary>
    [FieldOffset(4)] public int Next;

    /// <summary>The list that it is in.</summary>
    [FieldOffset(8)] public LruListKind Kind;

    /// <summary>1 if it was used since it was last looked at.</summary>
    [FieldOffset(9)] public byte IsReferenced;

    /// <summary>Slot of the CPU whose list it is in.</summary>
    [FieldOffset(10)] public ushort Cpu;

    /// <summary>The element that has the place, or null.</summary>
    [FieldOffset(16)] public HashElement* Element;
}
