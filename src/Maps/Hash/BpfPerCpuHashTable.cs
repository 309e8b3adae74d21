using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What <see cref="BpfPerCpuHashMap{TKey, TValue}"/> and <see cref="BpfLruPerCpuHashMap{TKey, TValue}"/> share.</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public abstract unsafe class BpfPerCpuHashTable<TKey, TValue> : BpfPerCpuMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private protected BpfPerCpuHashTable(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Deletes an element (BPF_MAP_DELETE_ELEM).</summary>
    /// <param name="key">The key.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="BpfException">EPERM: frozen or read-only.</exception>
    public bool DeleteElem(in TKey key)
    {
        fixed (TKey* k = &key)
        {
            return Map.Found(Map.Call(BpfCommand.MapDeleteElem, k, null, 0), MapErrors.Delete, 0);
        }
    }

    /// <summary>Reads all CPUs' values of a key and deletes it, as one step (5.14).</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">Receives one value per possible CPU.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="ArgumentException">Not room for one value per possible CPU.</exception>
    public bool LookupAndDeleteElem(in TKey key, Span<TValue> values)
    {
        fixed (TKey* k = &key)
        {
            return PerCpuAccess.Read(Map, BpfCommand.MapLookupAndDeleteElem, MapErrors.LookupAndDelete, k, values, BpfUpdateFlags.Any);
        }
    }

    /// <inheritdoc cref="BpfMap.GetNextKey{TKey}(in TKey, out TKey)"/>
    public bool GetNextKey(in TKey key, out TKey nextKey) => Map.GetNextKey(in key, out nextKey);

    /// <inheritdoc cref="BpfMap.GetFirstKey{TKey}(out TKey)"/>
    public bool GetFirstKey(out TKey key) => Map.GetFirstKey(out key);

    /// <summary>Deletes many elements in one call (5.6), in order, stopping at the first that is missing.</summary>
    /// <param name="keys">The keys.</param>
    /// <exception cref="BpfBatchException">ENOENT: a key is missing; those before it were deleted.</exception>
    public void DeleteBatch(ReadOnlySpan<TKey> keys)
    {
        fixed (TKey* k = keys)
        {
            Map.DeleteBatch(k, keys.Length);
        }
    }

    /// <summary>Reads the next elements and deletes them, in one call (5.6).</summary>
    /// <inheritdoc cref="BpfPerCpuMap{TKey, TValue}.LookupBatch(ref BpfBatchCursor, Span{TKey}, Span{TValue})"/>
    public int LookupAndDeleteBatch(ref BpfBatchCursor cursor, Span<TKey> keys, Span<TValue> values)
    {
        fixed (TKey* k = keys)
        {
            return PerCpuAccess.ReadBatch(Map, BpfCommand.MapLookupAndDeleteBatch, MapErrors.LookupAndDeleteBatch, ref cursor, k, keys.Length, values, BpfUpdateFlags.Any);
        }
    }

    /// <inheritdoc cref="BpfMap.SumElemCount"/>
    public long SumElemCount() => Map.SumElemCount();
}
