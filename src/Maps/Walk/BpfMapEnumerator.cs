using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>
/// Walks a map by batch lookups; allocates nothing per element. What others do meanwhile: an element that is there
/// during the whole walk is given exactly once (in a trie at least once), one that is inserted or deleted may be given
/// or not, and one that is deleted and inserted again may be given twice. The map may be changed in the loop's body.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public unsafe struct BpfMapEnumerator<TKey, TValue> : IEnumerator<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly BpfMap _map;
    private MapWalk _walk;
    private int _index;
    private int _count;

    internal BpfMapEnumerator(BpfMap map, bool byKey = false)
    {
        _map = map;
        _walk = new MapWalk(map, byKey);
        _index = -1;
    }

    /// <summary>The element.</summary>
    public readonly KeyValuePair<TKey, TValue> Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Within the chunk, or there is none and the arrays refuse.
            int index = _index;
            return (uint)index < (uint)_count
                ? new KeyValuePair<TKey, TValue>(
                    Unsafe.ReadUnaligned<TKey>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_walk.Keys), (nint)index * sizeof(TKey))),
                    Unsafe.ReadUnaligned<TValue>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_walk.Values), (nint)index * sizeof(TValue))))
                : throw new InvalidOperationException("MoveNext has not been called, or has returned false.");
        }
    }

    readonly object IEnumerator.Current => Current;

    /// <summary>Goes to the next element.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="BpfIterationAbortedException">A walk key by key (tries, old kernels) started over because keys were deleted under it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext() => ++_index < _count || NextChunk();

    /// <summary>Starts again at the first element.</summary>
    public void Reset()
    {
        _walk.Dispose();
        _walk = new MapWalk(_map);
        _index = -1;
        _count = 0;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _count = 0;
        _walk.Dispose();
    }

    private bool NextChunk()
    {
        _count = _walk.Next();
        _index = 0;
        return _count > 0;
    }
}
