using System.Collections.Concurrent;

namespace LibbpfSharp.Emulator;

/// <summary>Ids of one kind of object: positive, given out upward and used again only after the highest (idr_alloc_cyclic).</summary>
internal sealed class IdTable<T>
    where T : EmulatedObject
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<uint, T> _objects = new();
    private readonly SortedSet<uint> _ids = [];
    private uint _last;

    /// <summary>Objects that have an id.</summary>
    public int Count => _objects.Count;

    public uint Add(T item)
    {
        lock (_lock)
        {
            uint id = _last;
            do
            {
                id = id >= int.MaxValue - 1 ? 1 : id + 1;
            }
            while (!_objects.TryAdd(id, item));
            _ids.Add(id);
            _last = id;
            return id;
        }
    }

    public void Remove(uint id)
    {
        lock (_lock)
        {
            _objects.TryRemove(id, out _);
            _ids.Remove(id);
        }
    }

    /// <summary>The object of an id, or null. It stays usable until the caller leaves the gate.</summary>
    public T? Find(uint id) => _objects.GetValueOrDefault(id);

    /// <summary>The object of an id, with a reference for the caller.</summary>
    public bool TryAcquire(uint id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? item) =>
        _objects.TryGetValue(id, out item) && item.TryAcquire();

    /// <summary>The smallest id above <paramref name="start"/>.</summary>
    public bool TryGetNext(uint start, out uint next)
    {
        lock (_lock)
        {
            next = _ids.Count > 0 && _ids.Max > start ? _ids.GetViewBetween(start + 1, uint.MaxValue).Min : 0;
            return next != 0;
        }
    }

    /// <summary>The objects there are now, by ascending id.</summary>
    public T[] ToArray()
    {
        lock (_lock)
            return [.. _ids.Select(id => _objects[id])];
    }
}
