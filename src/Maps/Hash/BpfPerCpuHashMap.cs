using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A hash table with a value for each possible CPU (BPF_MAP_TYPE_PERCPU_HASH).</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public sealed class BpfPerCpuHashMap<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfPerCpuHashTable<TKey, TValue>, IBpfTypedMap<BpfPerCpuHashMap<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private BpfPerCpuHashMap(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfPerCpuHashMap<TKey, TValue> Bind(BpfMap map) =>
        new(MapBinding.Check(map, BpfMapType.PerCpuHash, TypeLayout.Of<TKey>(), TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static unsafe BpfPerCpuHashMap<TKey, TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.PerCpuHash, sizeof(TKey), sizeof(TValue), maxEntries, name, flags)));
}
