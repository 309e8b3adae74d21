using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>First in, first out (BPF_MAP_TYPE_QUEUE, 4.20).</summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfQueue<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue> : BpfQueueOrStack<TValue>, IBpfTypedMap<BpfQueue<TValue>>
    where TValue : unmanaged
{
    private BpfQueue(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfQueue<TValue> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.Queue, null, TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in values.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static unsafe BpfQueue<TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.Queue, 0, sizeof(TValue), maxEntries, name, flags)));
}
