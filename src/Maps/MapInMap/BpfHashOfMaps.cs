using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A hash table whose values are maps (BPF_MAP_TYPE_HASH_OF_MAPS, 4.12), each like the template it was made with.</summary>
/// <typeparam name="TKey">The key; without padding, since the kernel compares its bytes.</typeparam>
/// <typeparam name="TInner">The type of the inner maps, such as <c>BpfArray&lt;ulong&gt;</c>.</typeparam>
public sealed unsafe class BpfHashOfMaps<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, TInner> : BpfTypedMap, IBpfTypedMap<BpfHashOfMaps<TKey, TInner>>
    where TKey : unmanaged
    where TInner : class, IBpfTypedMap<TInner>
{
    private BpfHashOfMaps(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfHashOfMaps<TKey, TInner> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.HashOfMaps, TypeLayout.Of<TKey>(), null));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in elements.</param>
    /// <param name="template">A map like those that will be stored; it may be disposed of afterwards.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused; ENOTSUPP: a kind of map that cannot be an inner one.</exception>
    public static BpfHashOfMaps<TKey, TInner> Create(IBpfKernel kernel, uint maxEntries, TInner template, string? name = null, BpfMapFlags flags = BpfMapFlags.None)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Bind(BpfMap.Create(kernel, OuterMap.Spec(BpfMapType.HashOfMaps, sizeof(TKey), template.Map, maxEntries, name, flags)));
    }

    /// <summary>Stores a map; the outer map then keeps it alive.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inner">The map.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="BpfException">EINVAL: not like the template. E2BIG: full. EEXIST, ENOENT: as the flags insist. EPERM: frozen or read-only.</exception>
    public void UpdateElem(in TKey key, TInner inner, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        ArgumentNullException.ThrowIfNull(inner);
        fixed (TKey* k = &key)
        {
            OuterMap.Update(Map, k, inner.Map, flags);
        }
    }

    /// <summary>Opens a stored map; the caller disposes of it. Needs CAP_SYS_ADMIN, since the kernel gives its id.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inner">The map, or null.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN; <see cref="LookupId"/> works without.</exception>
    public bool LookupElem(in TKey key, [NotNullWhen(true)] out TInner? inner)
    {
        fixed (TKey* k = &key)
        {
            inner = OuterMap.Open<TInner>(Map, k);
            return inner is not null;
        }
    }

    /// <summary>Id of a stored map.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The id, or 0.</param>
    /// <returns>False if the key is missing.</returns>
    public bool LookupId(in TKey key, out uint id)
    {
        fixed (TKey* k = &key)
        {
            return OuterMap.LookupId(Map, k, out id);
        }
    }

    /// <summary>Deletes an element.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="BpfException">EPERM: frozen or read-only.</exception>
    public bool DeleteElem(in TKey key) => Map.DeleteElem(in key);

    /// <inheritdoc cref="BpfMap.SumElemCount"/>
    public long SumElemCount() => Map.SumElemCount();

    /// <summary>Walks the stored maps: keys and ids.</summary>
    public BpfMapEnumerator<TKey, uint> GetEnumerator() => new(Map);
}
