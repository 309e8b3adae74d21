namespace LibbpfSharp.Maps;

/// <summary>A key and its values, in the walk over a per-CPU map.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public readonly ref struct PerCpuEntry<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    internal PerCpuEntry(TKey key, PerCpuValues<TValue> values)
    {
        Key = key;
        Values = values;
    }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The values of all possible CPUs; valid until the walk goes on.</summary>
    public PerCpuValues<TValue> Values { get; }

    /// <summary>Key and values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The values.</param>
    public void Deconstruct(out TKey key, out PerCpuValues<TValue> values)
    {
        key = Key;
        values = Values;
    }
}
