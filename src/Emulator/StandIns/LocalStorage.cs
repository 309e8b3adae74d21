using System.Collections.Concurrent;

namespace LibbpfSharp.Emulator;

/// <summary>What local storage maps keep with an object.</summary>
internal sealed class LocalStorage
{
    private readonly ConcurrentDictionary<EmulatedMap, nint> _values = new();

    public bool TryGet(EmulatedMap map, out nint value) => _values.TryGetValue(map, out value);

    public bool TryAdd(EmulatedMap map, nint value) => _values.TryAdd(map, value);

    public bool TryUpdate(EmulatedMap map, nint value, nint expected) => _values.TryUpdate(map, value, expected);

    public bool TryRemove(EmulatedMap map, out nint value) => _values.TryRemove(map, out value);

    public void Clear() => _values.Clear();
}
