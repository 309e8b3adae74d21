using System.Runtime.CompilerServices;

namespace LibbpfSharp.Maps;

/// <summary>
/// Walks a per-CPU map by batch lookups; allocates nothing per element. Concurrent changes are seen as
/// <see cref="BpfMapEnumerator{TKey, TValue}"/> says; the values of one element are no snapshot over all CPUs.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public unsafe struct PerCpuMapEnumerator<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly BpfMap _map;
    private MapWalk _walk;
    private int _index;
    private int _count;

    internal PerCpuMapEnumerator(BpfMap map, bool byKey = false)
    {
        _map = map;
        _walk = new MapWalk(map, byKey);
        _index = -1;
    }

    /// <summary>The element.</summary>
    public readonly PerCpuEntry<TKey, TValue> Current
    {
        get
        {
            if ((uint)_index >= (uint)_count)
                throw new InvalidOperationException("MoveNext has not been called, or has returned false.");
            PerCpuLayout layout = _map.Layout;
            return new PerCpuEntry<TKey, TValue>(
                Unsafe.ReadUnaligned<TKey>(ref _walk.Keys[_index * sizeof(TKey)]),
                new PerCpuValues<TValue>(_walk.Values.AsSpan(_index * layout.ElementSize, layout.ElementSize), layout));
        }
    }

    /// <summary>Goes to the next element.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        if (++_index < _count)
            return true;
        _count = _walk.Next();
        _index = 0;
        return _count > 0;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _count = 0;
        _walk.Dispose();
    }
}
