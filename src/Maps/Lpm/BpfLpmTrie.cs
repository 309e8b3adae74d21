using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// Longest prefix match (BPF_MAP_TYPE_LPM_TRIE, 4.11). A key is a number of bits and then the data that the bits are
/// of; a lookup gives the longest stored prefix of its key. Keys of addresses may be given as
/// <see cref="IPNetwork"/> whatever <typeparamref name="TKey"/> is.
/// </summary>
/// <typeparam name="TKey">The key: a uint of prefix length, then 1 to 256 bytes; <see cref="BpfIPv4Prefix"/> and <see cref="BpfIPv6Prefix"/> for addresses.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfLpmTrie<[DynamicallyAccessedMembers(TypeLayout.Needed)] TKey, [DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfKeyedMap<TKey, TValue>, IBpfTypedMap<BpfLpmTrie<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private BpfLpmTrie(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfLpmTrie<TKey, TValue> Bind(BpfMap map) =>
        new(MapBinding.Check(map, BpfMapType.LpmTrie, TypeLayout.Of<TKey>(), TypeLayout.Of<TValue>()));

    /// <summary>Makes a map; <see cref="BpfMapFlags.NoPrealloc"/>, which tries must have, is added.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused; a key has 5 to 260 bytes.</exception>
    public static unsafe BpfLpmTrie<TKey, TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.LpmTrie, sizeof(TKey), sizeof(TValue), maxEntries, name, flags | BpfMapFlags.NoPrealloc)));

    /// <summary>Writes the value of a network.</summary>
    /// <param name="network">The network, of the family that the keys are for.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="ArgumentException">A network of the other family.</exception>
    /// <exception cref="BpfException">ENOSPC: full. EEXIST, ENOENT: as the flags insist. EPERM: frozen or read-only.</exception>
    public void UpdateElem(IPNetwork network, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        TKey key = default;
        LpmKeys.Write(network, Bytes(ref key));
        UpdateElem(in key, in value, flags);
    }

    /// <summary>Finds the most specific stored network that an address is in.</summary>
    /// <param name="address">The address, of the family that the keys are for.</param>
    /// <param name="value">Its value, or default.</param>
    /// <returns>False if the address is in none.</returns>
    /// <exception cref="ArgumentException">An address of the other family.</exception>
    public bool LookupElem(IPAddress address, out TValue value)
    {
        TKey key = default;
        LpmKeys.Write(address, LpmKeys.FullLength(address), Bytes(ref key));
        return LookupElem(in key, out value);
    }

    /// <summary>Finds the most specific stored network that contains a network.</summary>
    /// <param name="network">The network, of the family that the keys are for.</param>
    /// <param name="value">Its value, or default.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ArgumentException">A network of the other family.</exception>
    public bool LookupElem(IPNetwork network, out TValue value)
    {
        TKey key = default;
        LpmKeys.Write(network, Bytes(ref key));
        return LookupElem(in key, out value);
    }

    /// <summary>Deletes a network; those within it stay.</summary>
    /// <param name="network">The network, of the family that the keys are for.</param>
    /// <returns>False if exactly this network is not there.</returns>
    /// <exception cref="ArgumentException">A network of the other family.</exception>
    public bool DeleteElem(IPNetwork network)
    {
        TKey key = default;
        LpmKeys.Write(network, Bytes(ref key));
        return DeleteElem(in key);
    }

    private static Span<byte> Bytes(ref TKey key) => MemoryMarshal.AsBytes(new Span<TKey>(ref key));
}
