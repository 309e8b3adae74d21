using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Head of a node of a trie; key and value follow it. It begins like a <see cref="HashElement"/>, for the pool.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
internal unsafe struct TrieNode
{
    public const int SizeInBytes = HashElement.SizeInBytes + 8;

    /// <summary>The child whose next bit is 0; stays as it is after removal.</summary>
    [FieldOffset(0)] public TrieNode* Zero;

    /// <summary>Bits of the prefix.</summary>
    [FieldOffset(24)] public uint PrefixLength;

    /// <summary>1 for a node that only branches and has no value.</summary>
    [FieldOffset(28)] public int IsStructural;

    /// <summary>The child whose next bit is 1; stays as it is after removal.</summary>
    [FieldOffset(40)] public TrieNode* One;

    public TrieNode* Child(int bit) => (TrieNode*)Volatile.Read(ref *(nint*)Slot(bit));

    public TrieNode** Slot(int bit)
    {
        fixed (TrieNode* self = &this)
            return bit == 0 ? &self->Zero : &self->One;
    }
}
