using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>An array whose elements are maps (BPF_MAP_TYPE_ARRAY_OF_MAPS, 4.12), each like the template it was made with. Empty slots are missing keys.</summary>
/// <typeparam name="TInner">The type of the inner maps, such as <c>BpfHashMap&lt;uint, ulong&gt;</c>.</typeparam>
public sealed unsafe class BpfArrayOfMaps<TInner> : BpfTypedMap, IBpfTypedMap<BpfArrayOfMaps<TInner>>
    where TInner : class, IBpfTypedMap<TInner>
{
    private BpfArrayOfMaps(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfArrayOfMaps<TInner> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.ArrayOfMaps, null, null));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Number of elements.</param>
    /// <param name="template">A map like those that will be stored; it may be disposed of afterwards.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused; ENOTSUPP: a kind of map that cannot be an inner one.</exception>
    public static BpfArrayOfMaps<TInner> Create(IBpfKernel kernel, uint maxEntries, TInner template, string? name = null, BpfMapFlags flags = BpfMapFlags.None)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Bind(BpfMap.Create(kernel, OuterMap.Spec(BpfMapType.ArrayOfMaps, sizeof(int), template.Map, maxEntries, name, flags)));
    }

    /// <summary>Stores a map; the outer map then keeps it alive.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="inner">The map.</param>
    /// <exception cref="BpfException">EINVAL: not like the template. E2BIG: the index is not less than max_entries. EPERM: frozen or read-only.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public void UpdateElem(int index, TInner inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArrayIndex.Check(index);
        OuterMap.Update(Map, &index, inner.Map, BpfUpdateFlags.Any);
    }

    /// <summary>Opens a stored map; the caller disposes of it. Needs CAP_SYS_ADMIN, since the kernel gives its id.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="inner">The map, or null.</param>
    /// <returns>False if the slot is empty, or the index too large.</returns>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN; <see cref="LookupId"/> works without.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public bool LookupElem(int index, [NotNullWhen(true)] out TInner? inner)
    {
        ArrayIndex.Check(index);
        inner = OuterMap.Open<TInner>(Map, &index);
        return inner is not null;
    }

    /// <summary>Id of a stored map.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="id">The id, or 0.</param>
    /// <returns>False if the slot is empty, or the index too large.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public bool LookupId(int index, out uint id)
    {
        ArrayIndex.Check(index);
        return OuterMap.LookupId(Map, &index, out id);
    }

    /// <summary>Empties a slot.</summary>
    /// <param name="index">Its index.</param>
    /// <returns>False if it is empty.</returns>
    /// <exception cref="BpfException">E2BIG: the index is not less than max_entries. EPERM: frozen or read-only.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public bool DeleteElem(int index)
    {
        ArrayIndex.Check(index);
        return Map.DeleteElem(in index);
    }

    /// <summary>Walks the stored maps: indexes and ids, without the empty slots.</summary>
    public BpfMapEnumerator<int, uint> GetEnumerator() => new(Map);
}
