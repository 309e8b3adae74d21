using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>An array (BPF_MAP_TYPE_ARRAY): elements 0 to max_entries - 1 all exist, zero at first, and cannot be deleted.</summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed unsafe class BpfArray<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfTypedMap, IBpfTypedMap<BpfArray<TValue>>, IEnumerable<KeyValuePair<int, TValue>>
    where TValue : unmanaged
{
    private BpfArray(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfArray<TValue> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.Array, null, TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Number of elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags; <see cref="BpfMapFlags.MMapable"/> for <see cref="MapMemory"/>.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfArray<TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.Array, sizeof(int), sizeof(TValue), maxEntries, name, flags)));

    /// <summary>Writes an element.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags">Any, Exist (always true here) or Lock.</param>
    /// <exception cref="BpfException">E2BIG: the index is not less than max_entries. EEXIST: NoExist was given. EPERM: frozen or read-only.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public void UpdateElem(int index, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        ArrayIndex.Check(index);
        fixed (TValue* v = &value)
        {
            int result = Map.Call(BpfCommand.MapUpdateElem, &index, v, (ulong)flags);
            if (result < 0)
                MapErrors.Throw(result, Map, MapErrors.Update, flags);
        }
    }

    /// <summary>Reads an element.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="value">The value, or default if the index is too large.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>False if the index is not less than max_entries.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public bool LookupElem(int index, out TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        ArrayIndex.Check(index);
        Unsafe.SkipInit(out value);
        int result;
        fixed (TValue* v = &value)
        {
            result = Map.Call(BpfCommand.MapLookupElem, &index, v, (ulong)flags);
        }

        return result >= 0 || Map.Missing(out value, result, MapErrors.Lookup, flags);
    }

    /// <summary>Writes many elements in one call (5.6), stopping at the first that fails.</summary>
    /// <param name="indexes">The indexes.</param>
    /// <param name="values">As many values.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <exception cref="BpfBatchException">An element failed (E2BIG: an index too large); those before it were written.</exception>
    public void UpdateBatch(ReadOnlySpan<int> indexes, ReadOnlySpan<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        BatchArguments.SameLength(indexes.Length, values.Length);
        fixed (int* k = indexes)
        fixed (TValue* v = values)
        {
            Map.UpdateBatch(k, v, indexes.Length, flags);
        }
    }

    /// <summary>Reads the next elements in one call (5.6), in order of index.</summary>
    /// <param name="cursor">Where to go on; default for the first call.</param>
    /// <param name="indexes">Room for indexes.</param>
    /// <param name="values">Room for as many values.</param>
    /// <param name="flags">Any, or Lock.</param>
    /// <returns>Elements read; <see cref="BpfBatchCursor.IsAtEnd"/> tells the end.</returns>
    public int LookupBatch(ref BpfBatchCursor cursor, Span<int> indexes, Span<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        BatchArguments.SameLength(indexes.Length, values.Length);
        fixed (int* k = indexes)
        fixed (TValue* v = values)
        {
            return Map.ReadBatch(BpfCommand.MapLookupBatch, MapErrors.LookupBatch, ref cursor, k, v, indexes.Length, flags);
        }
    }

    /// <summary>Maps the elements into memory (5.5), if the array was made with <see cref="BpfMapFlags.MMapable"/>: reading and writing is then no call to the kernel.</summary>
    /// <param name="writable">False to map for reading only; a frozen map cannot be mapped otherwise.</param>
    /// <exception cref="BpfException">EINVAL: not made for it. EPERM: frozen, and to be mapped for writing.</exception>
    public BpfArrayMemory<TValue> MapMemory(bool writable = true) => new(Map.MapMemory(writable), MaxEntries);

    /// <summary>Walks the elements in order of index: <c>foreach (var (index, value) in array)</c>.</summary>
    public BpfMapEnumerator<int, TValue> GetEnumerator() => new(Map);

    IEnumerator<KeyValuePair<int, TValue>> IEnumerable<KeyValuePair<int, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
