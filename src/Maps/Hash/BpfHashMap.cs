using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A hash table (BPF_MAP_TYPE_HASH).</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfHashMap<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfHashTable<TKey, TValue>, IBpfTypedMap<BpfHashMap<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private BpfHashMap(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfHashMap<TKey, TValue> Bind(BpfMap map) =>
        new(MapBinding.Check(map, BpfMapType.Hash, TypeLayout.Of<TKey>(), TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static unsafe BpfHashMap<TKey, TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.Hash, sizeof(TKey), sizeof(TValue), maxEntries, name, flags)));
}
