using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What <see cref="BpfHashMap{TKey, TValue}"/> and <see cref="BpfLruHashMap{TKey, TValue}"/> share.</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public abstract unsafe class BpfHashTable<TKey, TValue> : BpfKeyedMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private protected BpfHashTable(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Reads an element and deletes it, as one step (5.14).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or default if the key is missing.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="BpfException">EPERM: frozen, or a descriptor for one direction. ENOTSUPP: a kernel before 5.14.</exception>
    public bool LookupAndDeleteElem(in TKey key, out TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        Unsafe.SkipInit(out value);
        int result;
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            result = Map.Call(BpfCommand.MapLookupAndDeleteElem, k, v, (ulong)flags);
        }

        return result >= 0 || Map.Missing(out value, result, MapErrors.LookupAndDelete, flags);
    }

    /// <summary>Reads the next elements and deletes them, in one call (5.6).</summary>
    /// <inheritdoc cref="BpfKeyedMap{TKey, TValue}.LookupBatch(ref BpfBatchCursor, Span{TKey}, Span{TValue}, BpfUpdateFlags)"/>
    public int LookupAndDeleteBatch(ref BpfBatchCursor cursor, Span<TKey> keys, Span<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any) =>
        ReadBatch(BpfCommand.MapLookupAndDeleteBatch, MapErrors.LookupAndDeleteBatch, ref cursor, keys, values, flags);

    /// <inheritdoc cref="BpfMap.SumElemCount"/>
    public long SumElemCount() => Map.SumElemCount();
}
