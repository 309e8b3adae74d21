using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// An array of programs for tail calls (BPF_MAP_TYPE_PROG_ARRAY, 4.2). The first program stored, or the first that
/// uses the array, fixes the type of all that follow. It is emptied when its last descriptor and pin are gone.
/// </summary>
public sealed unsafe class BpfProgramArray : BpfTypedMap, IBpfTypedMap<BpfProgramArray>
{
    private BpfProgramArray(BpfMap map)
        : base(map)
    {
    }

    /// <inheritdoc cref="IBpfTypedMap{TSelf}.Bind"/>
    public static BpfProgramArray Bind(BpfMap map) => new(MapBinding.Check(map, BpfMapType.ProgArray, null, null));

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="maxEntries">Number of slots.</param>
    /// <param name="name">Name, of which the kernel keeps 15 bytes.</param>
    /// <param name="flags">Flags.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static BpfProgramArray Create(IBpfKernel kernel, uint maxEntries, string? name = null, BpfMapFlags flags = BpfMapFlags.None) =>
        Bind(BpfMap.Create(kernel, Spec(BpfMapType.ProgArray, sizeof(int), sizeof(uint), maxEntries, name, flags)));

    /// <summary>Stores a program.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="program">The program; it lives on in the slot when its owner is disposed of.</param>
    /// <exception cref="BpfException">EINVAL: a program of another type than the first. E2BIG: the index is not less than max_entries. EPERM: frozen or read-only.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public void UpdateElem(int index, IBpfProgramHandle program)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArrayIndex.Check(index);
        KernelHandle handle = program.Handle;
        handle.RequireKernel(Map.Kernel);
        int fd = handle.Enter();
        try
        {
            int result = Map.Call(BpfCommand.MapUpdateElem, &index, &fd, 0);
            if (result < 0)
                MapErrors.Throw(result, Map, MapErrors.Update, 0);
        }
        finally
        {
            handle.Exit();
        }
    }

    /// <summary>Id of a stored program.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="programId">The id, or 0.</param>
    /// <returns>False if the slot is empty, or the index too large.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public bool LookupElem(int index, out uint programId)
    {
        ArrayIndex.Check(index);
        return Map.LookupElem(in index, out programId);
    }

    /// <summary>Empties a slot.</summary>
    /// <param name="index">The slot.</param>
    /// <returns>False if it is empty.</returns>
    /// <exception cref="BpfException">E2BIG: the index is not less than max_entries. EPERM: frozen or read-only.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public bool DeleteElem(int index)
    {
        ArrayIndex.Check(index);
        return Map.DeleteElem(in index);
    }

    /// <summary>Walks the stored programs: slots and ids, without the empty slots.</summary>
    public BpfMapEnumerator<int, uint> GetEnumerator() => new(Map);
}
