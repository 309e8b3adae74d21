using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A bloom filter (BPF_MAP_TYPE_BLOOM_FILTER, 5.16): values can be added and asked for, never listed or removed. The kernel hashes all bytes of a value, so that it must not have padding.</summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed unsafe class BpfBloomFilter<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue> : BpfTypedMap, IBpfTypedMap<BpfBloomFilter<TValue>>
    where TValue : unmanaged
{
    private BpfBloomFilter(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfBloomFilter<TValue> Bind(BpfMap map) => new(MapBinding.CheckFilter(map, TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Number of values it is made for.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <param name="hashFunctions">Number of hash functions, 1 to 15; 0 for the kernel's 5.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfBloomFilter<TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None, int hashFunctions = 0) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.BloomFilter, 0, sizeof(TValue), maxEntries, name, flags) with { Extra = (ulong)hashFunctions }));

    /// <summary>Adds a value (BPF_MAP_UPDATE_ELEM). More than max_entries values only make false answers likelier.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="BpfException">EPERM: frozen or read-only.</exception>
    public void PushElem(in TValue value)
    {
        fixed (TValue* v = &value)
        {
            int result = Map.Call(BpfCommand.MapUpdateElem, null, v, 0);
            if (result < 0)
                MapErrors.Throw(result, Map, MapErrors.Update, 0);
        }
    }

    /// <summary>Asks whether a value was added (BPF_MAP_LOOKUP_ELEM).</summary>
    /// <param name="value">The value.</param>
    /// <returns>False: certainly not. True: probably.</returns>
    public bool PeekElem(in TValue value)
    {
        fixed (TValue* v = &value)
        {
            return Map.Found(Map.Call(BpfCommand.MapLookupElem, null, v, 0), MapErrors.Lookup, 0);
        }
    }
}
