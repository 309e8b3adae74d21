using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp;

/// <summary>Things of an object, in the file's order and by name.</summary>
/// <typeparam name="T">What they are.</typeparam>
public sealed class BpfNamedList<T> : IReadOnlyList<T>
    where T : class
{
    private readonly T[] _items;
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);
    private readonly string _what;
    private readonly string _owner;

    internal BpfNamedList(string what, string owner, IEnumerable<(T Item, string Name, string? OtherName)> items)
    {
        _what = what;
        _owner = owner;
        (T Item, string Name, string? OtherName)[] all = [.. items];
        _items = [.. all.Select(entry => entry.Item)];
        foreach ((T item, string name, _) in all)
            _byName.TryAdd(name, item);
        foreach ((T item, _, string? other) in all)
        {
            if (other is not null)
                _byName.TryAdd(other, item);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _items.Length;

    /// <summary>One by its place.</summary>
    /// <param name="index">The place, from 0.</param>
    public T this[int index] => _items[index];

    /// <summary>One by name; maps of data sections also by the section's name (".rodata").</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those there are.</exception>
    public T this[string name] => TryGet(name, out T? item)
        ? item
        : throw new KeyNotFoundException($"{_owner} has no {_what} '{name}'. It has: {(_byName.Count == 0 ? "none" : string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal)))}.");

    /// <summary>Looks one up by name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="item">The thing, or null.</param>
    /// <returns>False if there is none of that name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out T? item) => _byName.TryGetValue(name, out item);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
