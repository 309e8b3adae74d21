using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Maps;

/// <summary>
/// A map of any kind that has keys and one value for each, typed: for the kinds that have no type of their own here (sockmaps, device and CPU
/// maps, XSK maps, cgroup arrays, stack traces, reuseport arrays, cgroup storage). What a key and a value mean, and which calls there are, is
/// the kind's affair: see the kernel's Documentation/bpf/map_*.rst.
/// </summary>
/// <typeparam name="TKey">The key; without padding.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfElementMap<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfKeyedMap<TKey, TValue>, IBpfTypedMap<BpfElementMap<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private BpfElementMap(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfElementMap<TKey, TValue> Bind(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        BpfMapType type = map.KeySize == 0 || map.Layout.IsPerCpu ? BpfMapType.Hash : map.Type; // the first has no keys, the second no single value
        return new(MapBinding.Check(map, type, TypeLayout.Of<TKey>(), TypeLayout.Of<TValue>()));
    }
}
