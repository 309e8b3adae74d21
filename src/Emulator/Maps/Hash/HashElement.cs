using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Head of an element of a hash table or trie; key and value follow it in the same native memory.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
internal unsafe struct HashElement
{
    public const int SizeInBytes = 40;

    /// <summary>The next one of the bucket. It stays as it is after deletion, so that a reader here finds its way on.</summary>
    [FieldOffset(0)] public HashElement* Next;

    /// <summary>The next one of a list of elements that are not in use.</summary>
    [FieldOffset(8)] public HashElement* Limbo;

    /// <summary>Epoch in which it was taken out of the table.</summary>
    [FieldOffset(16)] public long Epoch;

    /// <summary>Hash of the key.</summary>
    [FieldOffset(24)] public uint Hash;

    /// <summary>Number of the LRU node that stands for it.</summary>
    [FieldOffset(28)] public int LruNode;

    /// <summary>1 while it is in the table.</summary>
    [FieldOffset(32)] public int IsLive;
}
