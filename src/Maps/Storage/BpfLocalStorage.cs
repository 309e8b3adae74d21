using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Maps;

/// <summary>
/// Values that belong to kernel objects and go with them: BPF_MAP_TYPE_SK_STORAGE (5.2), INODE_STORAGE (5.10), TASK_STORAGE (5.11),
/// CGRP_STORAGE (6.2). The key is a descriptor of the object: a socket, an open file, a pidfd, an open cgroup directory. Only batches and
/// walks are not offered: the kernel has neither.
/// </summary>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class BpfLocalStorage<[DynamicallyAccessedMembers(TypeLayout.Needed)] TValue> : BpfTypedMap, IBpfTypedMap<BpfLocalStorage<TValue>>
    where TValue : unmanaged
{
    private BpfLocalStorage(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfLocalStorage<TValue> Bind(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        BpfMapType type = map.Type is BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage ? map.Type : BpfMapType.TaskStorage;
        return new(MapBinding.Check(map, type, TypeLayout.Of<int>(), TypeLayout.Of<TValue>()));
    }

    /// <summary>Writes the value of an object (BPF_MAP_UPDATE_ELEM).</summary>
    /// <param name="descriptor">A descriptor of the object.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="BpfException">EBADF: the descriptor is of no such object. EEXIST, ENOENT: as the flags insist.</exception>
    public void UpdateElem(int descriptor, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any) => Map.UpdateElem(in descriptor, in value, flags);

    /// <summary>Reads the value of an object (BPF_MAP_LOOKUP_ELEM).</summary>
    /// <param name="descriptor">A descriptor of the object.</param>
    /// <param name="value">The value, or default if it has none.</param>
    /// <returns>False if the object has no value.</returns>
    /// <exception cref="BpfException">EBADF: the descriptor is of no such object.</exception>
    public bool LookupElem(int descriptor, out TValue value) => Map.LookupElem(in descriptor, out value);

    /// <summary>Takes an object's value away (BPF_MAP_DELETE_ELEM).</summary>
    /// <param name="descriptor">A descriptor of the object.</param>
    /// <returns>False if the object has no value.</returns>
    /// <exception cref="BpfException">EBADF: the descriptor is of no such object.</exception>
    public bool DeleteElem(int descriptor) => Map.DeleteElem(in descriptor);
}
