using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>Last in, first out (BPF_MAP_TYPE_STACK, 4.20). Pushing with Exist onto a full one drops the oldest value, at its bottom.</summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfStack<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue> : BpfQueueOrStack<TValue>, IBpfTypedMap<BpfStack<TValue>>
    where TValue : unmanaged
{
    private BpfStack(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfStack<TValue> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.Stack, null, TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Capacity in values.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static unsafe BpfStack<TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.Stack, 0, sizeof(TValue), maxEntries, name, flags)));
}
