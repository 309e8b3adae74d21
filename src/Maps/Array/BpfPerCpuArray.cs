using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>An array with a value for each possible CPU (BPF_MAP_TYPE_PERCPU_ARRAY). An index that is not less than max_entries is E2BIG for updates and false for lookups.</summary>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public sealed class BpfPerCpuArray<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue>
    : BpfPerCpuMap<int, TValue>, IBpfTypedMap<BpfPerCpuArray<TValue>>
    where TValue : unmanaged
{
    private BpfPerCpuArray(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfPerCpuArray<TValue> Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.PerCpuArray, null, TypeLayout.Of<TValue>()));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Number of elements.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused; one CPU's value may have at most 32768 bytes.</exception>
    public static unsafe BpfPerCpuArray<TValue> Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.PerCpuArray, sizeof(int), sizeof(TValue), maxEntries, name, flags)));
}
