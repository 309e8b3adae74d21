using System.Numerics;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The buckets of a hash map in native memory. Looking up takes no lock: elements are complete before they are linked,
/// and keep their link when they are taken out. Writers hold the bucket's lock. Linux's order: bucket = hash and
/// (size - 1), the newest element of a bucket first.
/// </summary>
internal sealed unsafe class HashTable : IDisposable
{
    private const int MaximumLocks = 256;
    private const int LockSpacing = 16; // ints: a cache line each

    private readonly NativeBlock _heads;
    private readonly NativeBlock _lockMemory;
    private readonly HashElement** _buckets;
    private readonly int* _locks;
    private readonly uint _mask;
    private readonly uint _lockMask;
    private readonly uint _keySize;
    private readonly uint _seed;
    private readonly ElementPool _pool;

    /// <summary>Allocates the buckets.</summary>
    /// <param name="gate">Whoever looks up is inside.</param>
    /// <param name="keySize">Size of keys in bytes.</param>
    /// <param name="valueBytes">Bytes of an element for its value, all slots of a per-CPU value.</param>
    /// <param name="maxEntries">Elements expected; their number of buckets is the next power of two.</param>
    /// <param name="seed">Seed of the hash.</param>
    public HashTable(EpochGate gate, uint keySize, ulong valueBytes, uint maxEntries, uint seed)
    {
        BucketCount = BitOperations.RoundUpToPowerOf2(maxEntries);
        _mask = BucketCount - 1;
        _lockMask = Math.Min(BucketCount, MaximumLocks) - 1;
        _keySize = keySize;
        _seed = seed;
        ValueOffset = HashElement.SizeInBytes + ((keySize + 7) & ~7u);
        ulong size = ValueOffset + valueBytes;
        if (size > int.MaxValue)
            throw new InsufficientMemoryException();
        _heads = new NativeBlock((ulong)BucketCount * (uint)sizeof(void*), 64);
        _lockMemory = new NativeBlock((_lockMask + 1) * LockSpacing * sizeof(int), 64);
        _buckets = (HashElement**)_heads.Start;
        _locks = (int*)_lockMemory.Start;
        _pool = new ElementPool(gate, (uint)size, maxEntries);
    }

    /// <summary>Number of buckets.</summary>
    public uint BucketCount { get; }

    /// <summary>Offset of the value in an element in bytes.</summary>
    public uint ValueOffset { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* KeyOf(HashElement* element) => (byte*)element + HashElement.SizeInBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* ValueOf(HashElement* element) => (byte*)element + ValueOffset;

    /// <summary>The element that a value's address belongs to.</summary>
    public HashElement* ElementOf(byte* value) => (HashElement*)(value - ValueOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(byte* key) => JenkinsHash.OfKey(key, _keySize, _seed);

    /// <summary>Bucket of a hash.</summary>
    public uint BucketOf(uint hash) => hash & _mask;

    /// <summary>Finds a key; no lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HashElement* Find(byte* key, uint hash)
    {
        HashElement* element = First(hash & _mask);
        while (element != null && (element->Hash != hash || !KeyEquals(KeyOf(element), key)))
            element = Next(element);
        return element;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HashElement* First(uint bucket) => (HashElement*)Volatile.Read(ref *(nint*)(_buckets + bucket));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HashElement* Next(HashElement* element) => (HashElement*)Volatile.Read(ref *(nint*)&element->Next);

    /// <summary>The first element from a bucket on, or null.</summary>
    public HashElement* FirstFrom(uint bucket)
    {
        for (; bucket < BucketCount; bucket++)
        {
            HashElement* element = First(bucket);
            if (element != null)
                return element;
        }

        return null;
    }

    /// <summary>The element after one, in its bucket or a later one, or null.</summary>
    public HashElement* Successor(HashElement* element)
    {
        HashElement* next = Next(element);
        return next != null ? next : FirstFrom((element->Hash & _mask) + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lock(uint hash) => SpinWord.Acquire(ref _locks[(hash & _lockMask) * LockSpacing]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unlock(uint hash) => SpinWord.Release(ref _locks[(hash & _lockMask) * LockSpacing]);

    /// <summary>A new element with its key; not linked yet.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory.</exception>
    public HashElement* Create(byte* key, uint hash)
    {
        HashElement* element = _pool.Take();
        element->Hash = hash;
        Unsafe.CopyBlockUnaligned(KeyOf(element), key, _keySize);
        return element;
    }

    /// <summary>Puts an element in front of its bucket; the bucket is locked.</summary>
    public void Link(HashElement* element)
    {
        HashElement** bucket = _buckets + (element->Hash & _mask);
        element->Next = *bucket;
        element->IsLive = 1;
        Volatile.Write(ref *(nint*)bucket, (nint)element);
    }

    /// <summary>Takes an element out of its bucket; the bucket is locked and the element is in it.</summary>
    public void Unlink(HashElement* element)
    {
        HashElement** link = _buckets + (element->Hash & _mask);
        while (*link != element)
            link = &(*link)->Next;
        Volatile.Write(ref *(nint*)link, (nint)element->Next);
        element->IsLive = 0;
    }

    /// <summary>Gives the memory of an element back that is not linked.</summary>
    public void Free(HashElement* element) => _pool.Give(element);

    public void Dispose()
    {
        _pool.Dispose();
        _heads.Dispose();
        _lockMemory.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool KeyEquals(byte* left, byte* right) => _keySize switch
    {
        4 => Unsafe.ReadUnaligned<uint>(left) == Unsafe.ReadUnaligned<uint>(right),
        8 => Unsafe.ReadUnaligned<ulong>(left) == Unsafe.ReadUnaligned<ulong>(right),
        _ => new ReadOnlySpan<byte>(left, (int)_keySize).SequenceEqual(new ReadOnlySpan<byte>(right, (int)_keySize)),
    };
}
