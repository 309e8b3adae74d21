using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A hash table with a value for each possible CPU that evicts least recently used elements instead of being full (BPF_MAP_TYPE_LRU_PERCPU_HASH).</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public sealed class BpfLruPerCpuHashMap<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfPerCpuHashTable<TKey, TValue>, IBpfTypedMap<BpfLruPerCpuHashMap<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private BpfLruPerCpuHashMap(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfLruPerCpuHashMap<TKey, TValue> Bind(BpfMap map) =>
        new(MapBinding.Check(map, BpfMapType.LruPerCpuHash, TypeLayout.Of<TKey>(), TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static unsafe BpfLruPerCpuHashMap<TKey, TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.LruPerCpuHash, sizeof(TKey), sizeof(TValue), maxEntries, name, flags)));
}
