using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Maps;

/// <content>The map as a typed map. Each is checked (<see cref="IBpfTypedMap{TSelf}.Bind"/>), and a view: disposing of either closes the map.</content>
public sealed unsafe partial class BpfMap
{
    /// <summary>The map as a typed map of any kind: <c>map.As&lt;BpfQueue&lt;int&gt;&gt;()</c>.</summary>
    /// <typeparam name="TMap">The type.</typeparam>
    /// <exception cref="BpfException">EINVAL: the map is not one, and the message lists what differs.</exception>
    public TMap As<TMap>()
        where TMap : IBpfTypedMap<TMap> => TMap.Bind(this);

    /// <summary>The map as a hash table.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <typeparam name="TValue">The value.</typeparam>
    /// <inheritdoc cref="As{TMap}" path="/exception"/>
    public BpfHashMap<TKey, TValue> AsHash<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => BpfHashMap<TKey, TValue>.Bind(this);

    /// <summary>The map as an LRU hash table.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <typeparam name="TValue">The value.</typeparam>
    /// <inheritdoc cref="As{TMap}" path="/exception"/>
    public BpfLruHashMap<TKey, TValue> AsLruHash<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => BpfLruHashMap<TKey, TValue>.Bind(this);

    /// <summary>The map as a per-CPU hash table.</summary>
    /// <typeparam name="TKey">The key.</typeparam>
    /// <typeparam name="TValue">The value of one CPU.</typeparam>
    /// <inheritdoc cref="As{TMap}" path="/exception"/>
    public BpfPerCpuHashMap<TKey, TValue> AsPerCpuHash<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => BpfPerCpuHashMap<TKey, TValue>.Bind(this);

    /// <summary>The map as an array.</summary>
    /// <typeparam name="TValue">The value.</typeparam>
    /// <inheritdoc cref="As{TMap}" path="/exception"/>
    public BpfArray<TValue> AsArray<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>()
        where TValue : unmanaged => BpfArray<TValue>.Bind(this);

    /// <summary>The map as a per-CPU array.</summary>
    /// <typeparam name="TValue">The value of one CPU.</typeparam>
    /// <inheritdoc cref="As{TMap}" path="/exception"/>
    public BpfPerCpuArray<TValue> AsPerCpuArray<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>()
        where TValue : unmanaged => BpfPerCpuArray<TValue>.Bind(this);
}
