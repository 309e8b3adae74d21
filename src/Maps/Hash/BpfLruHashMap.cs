using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A hash table that evicts least recently used elements instead of being full (BPF_MAP_TYPE_LRU_HASH). Lookups from user space do not count as use.</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfLruHashMap<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfHashTable<TKey, TValue>, IBpfTypedMap<BpfLruHashMap<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private BpfLruHashMap(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfLruHashMap<TKey, TValue> Bind(BpfMap map) =>
        new(MapBinding.Check(map, BpfMapType.LruHash, TypeLayout.Of<TKey>(), TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static unsafe BpfLruHashMap<TKey, TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.LruHash, sizeof(TKey), sizeof(TValue), maxEntries, name, flags)));
}
