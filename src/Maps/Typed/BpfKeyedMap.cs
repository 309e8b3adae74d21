using System.Collections;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What maps with keys and one value per key share: hashes and tries.</summary>
/// <typeparam name="TKey">The key; without padding.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public abstract unsafe class BpfKeyedMap<TKey, TValue> : BpfTypedMap, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private protected BpfKeyedMap(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Writes an element (BPF_MAP_UPDATE_ELEM).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="BpfException">EEXIST: the key is there and NoExist was given. ENOENT: the key is missing and Exist was given. E2BIG (a trie: ENOSPC): the map is full. EPERM: frozen or read-only.</exception>
    public void UpdateElem(in TKey key, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            int result = Map.Call(BpfCommand.MapUpdateElem, k, v, (ulong)flags);
            if (result < 0)
                MapErrors.Throw(result, Map, MapErrors.Update, flags);
        }
    }

    /// <summary>Reads an element (BPF_MAP_LOOKUP_ELEM).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or default if the key is missing.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="BpfException">EPERM: a write-only descriptor. EINVAL: a flag that the map does not take.</exception>
    public bool LookupElem(in TKey key, out TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        Unsafe.SkipInit(out value);
        int result;
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            result = Map.Call(BpfCommand.MapLookupElem, k, v, (ulong)flags);
        }

        return result >= 0 || Map.Missing(out value, result, MapErrors.Lookup, flags);
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

    /// <inheritdoc cref="BpfMap.GetNextKey{TKey}(in TKey, out TKey)"/>
    public bool GetNextKey(in TKey key, out TKey nextKey) => Map.GetNextKey(in key, out nextKey);

    /// <inheritdoc cref="BpfMap.GetFirstKey{TKey}(out TKey)"/>
    public bool GetFirstKey(out TKey key) => Map.GetFirstKey(out key);

    /// <summary>Writes many elements in one call (5.6), in order, stopping at the first that fails.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">As many values.</param>
    /// <param name="flags">Any, or Lock; a batch cannot insist on NoExist or Exist.</param>
    /// <exception cref="BpfBatchException">An element failed (E2BIG: full); those before it were written.</exception>
    /// <exception cref="ArgumentException">Not as many values as keys.</exception>
    public void UpdateBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        BatchArguments.SameLength(keys.Length, values.Length);
        fixed (TKey* k = keys)
        fixed (TValue* v = values)
        {
            Map.UpdateBatch(k, v, keys.Length, flags);
        }
    }

    /// <summary>Reads the next elements in one call (5.6).</summary>
    /// <param name="cursor">Where to go on; default for the first call.</param>
    /// <param name="keys">Room for keys.</param>
    /// <param name="values">Room for as many values.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <inheritdoc cref="BpfMap.LookupBatch(ref BpfBatchCursor, Span{byte}, Span{byte}, BpfUpdateFlags)" path="/returns"/>
    /// <inheritdoc cref="BpfMap.LookupBatch(ref BpfBatchCursor, Span{byte}, Span{byte}, BpfUpdateFlags)" path="/exception"/>
    public int LookupBatch(ref BpfBatchCursor cursor, Span<TKey> keys, Span<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any) =>
        ReadBatch(BpfCommand.MapLookupBatch, MapErrors.LookupBatch, ref cursor, keys, values, flags);

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

    /// <summary>Walks the map: <c>foreach (var (key, value) in map)</c>.</summary>
    public BpfMapEnumerator<TKey, TValue> GetEnumerator() => new(Map);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private protected int ReadBatch(BpfCommand command, string operation, ref BpfBatchCursor cursor, Span<TKey> keys, Span<TValue> values, BpfUpdateFlags flags)
    {
        BatchArguments.SameLength(keys.Length, values.Length);
        fixed (TKey* k = keys)
        fixed (TValue* v = values)
        {
            return Map.ReadBatch(command, operation, ref cursor, k, v, keys.Length, flags);
        }
    }
}
