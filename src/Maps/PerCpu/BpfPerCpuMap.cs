using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What per-CPU hashes and arrays share. User space reads and writes the values of all possible CPUs at once, programs only their own CPU's.</summary>
/// <typeparam name="TKey">The key; an int for arrays.</typeparam>
/// <typeparam name="TValue">The value of one CPU.</typeparam>
public abstract unsafe class BpfPerCpuMap<TKey, TValue> : BpfTypedMap
    where TKey : unmanaged
    where TValue : unmanaged
{
    private protected BpfPerCpuMap(BpfMap map)
        : base(map)
    {
    }

    /// <summary>Number of possible CPUs, which is the number of values of each key.</summary>
    public int PossibleCpuCount => Map.Layout.CpuCount;

    /// <summary>Numbers of the possible CPUs, in the order of the values.</summary>
    public IReadOnlyList<int> PossibleCpus => Map.Layout.Cpus;

    /// <summary>Room for one key's values, to be used for many calls; dispose of it in the end.</summary>
    public PerCpuBuffer<TValue> CreateBuffer() => new(Map.Layout);

    /// <summary>Writes all CPUs' values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The values, from <see cref="CreateBuffer"/>.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="BpfException">As <see cref="BpfMap.UpdateElem(ReadOnlySpan{byte}, ReadOnlySpan{byte}, BpfUpdateFlags)"/>.</exception>
    public void UpdateElem(in TKey key, PerCpuBuffer<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        fixed (TKey* k = &key)
        {
            PerCpuAccess.Update(Map, k, values, flags);
        }
    }

    /// <summary>Writes all CPUs' values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values"><see cref="PossibleCpuCount"/> values.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="ArgumentException">Not one value per possible CPU.</exception>
    /// <exception cref="BpfException">As <see cref="BpfMap.UpdateElem(ReadOnlySpan{byte}, ReadOnlySpan{byte}, BpfUpdateFlags)"/>.</exception>
    public void UpdateElem(in TKey key, ReadOnlySpan<TValue> values, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        fixed (TKey* k = &key)
        {
            PerCpuAccess.Update(Map, k, values, flags);
        }
    }

    /// <summary>Reads all CPUs' values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">Receives the values; from <see cref="CreateBuffer"/>.</param>
    /// <returns>False if the key is missing.</returns>
    public bool LookupElem(in TKey key, PerCpuBuffer<TValue> values)
    {
        fixed (TKey* k = &key)
        {
            return PerCpuAccess.Lookup(Map, k, values, BpfUpdateFlags.Any);
        }
    }

    /// <summary>Reads all CPUs' values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">Receives <see cref="PossibleCpuCount"/> values.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="ArgumentException">Not room for one value per possible CPU.</exception>
    public bool LookupElem(in TKey key, Span<TValue> values)
    {
        fixed (TKey* k = &key)
        {
            return PerCpuAccess.Read(Map, BpfCommand.MapLookupElem, MapErrors.Lookup, k, values, BpfUpdateFlags.Any);
        }
    }

    /// <summary>Writes one CPU's value and leaves the others (BPF_F_CPU, 7.0); a key that is new gets zeros for the others.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="cpu">Number of a possible CPU.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such possible CPU, or negative.</exception>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel is older than 7.0.</exception>
    public void UpdateElemOnCpu(in TKey key, in TValue value, int cpu, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        fixed (TKey* k = &key)
        {
            PerCpuAccess.UpdateOne(Map, k, in value, cpu, flags);
        }
    }

    /// <summary>Writes the same value for every CPU (BPF_F_ALL_CPUS, 7.0).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="flags">Whether to create, overwrite or both.</param>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel is older than 7.0; <see cref="PerCpuBuffer{TValue}.Fill"/> and an update do the same there.</exception>
    public void UpdateElemOnAllCpus(in TKey key, in TValue value, BpfUpdateFlags flags = BpfUpdateFlags.Any)
    {
        fixed (TKey* k = &key)
        {
            PerCpuAccess.UpdateAll(Map, k, in value, flags);
        }
    }

    /// <summary>Reads one CPU's value (BPF_F_CPU, 7.0).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or default if the key is missing.</param>
    /// <param name="cpu">Number of a possible CPU.</param>
    /// <returns>False if the key is missing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such possible CPU, or negative.</exception>
    /// <exception cref="BpfUnsupportedFeatureException">The kernel is older than 7.0.</exception>
    public bool LookupElemOnCpu(in TKey key, out TValue value, int cpu)
    {
        fixed (TKey* k = &key)
        {
            return PerCpuAccess.LookupOne(Map, k, out value, cpu);
        }
    }

    /// <summary>Writes many elements in one call (5.6; arrays 5.13), stopping at the first that fails.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values"><see cref="PossibleCpuCount"/> values for each key, one key's after the other's.</param>
    /// <exception cref="BpfBatchException">An element failed; those before it were written.</exception>
    /// <exception cref="ArgumentException">Not that many values.</exception>
    public void UpdateBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values)
    {
        fixed (TKey* k = keys)
        {
            PerCpuAccess.UpdateBatch(Map, k, keys.Length, values, BpfUpdateFlags.Any);
        }
    }

    /// <summary>Reads the next elements in one call (5.6; arrays 5.13).</summary>
    /// <param name="cursor">Where to go on; default for the first call.</param>
    /// <param name="keys">Room for keys.</param>
    /// <param name="values">Room for <see cref="PossibleCpuCount"/> values for each key, one key's after the other's.</param>
    /// <inheritdoc cref="BpfMap.LookupBatch(ref BpfBatchCursor, Span{byte}, Span{byte}, BpfUpdateFlags)" path="/returns"/>
    /// <inheritdoc cref="BpfMap.LookupBatch(ref BpfBatchCursor, Span{byte}, Span{byte}, BpfUpdateFlags)" path="/exception"/>
    public int LookupBatch(ref BpfBatchCursor cursor, Span<TKey> keys, Span<TValue> values)
    {
        fixed (TKey* k = keys)
        {
            return PerCpuAccess.ReadBatch(Map, BpfCommand.MapLookupBatch, MapErrors.LookupBatch, ref cursor, k, keys.Length, values, BpfUpdateFlags.Any);
        }
    }

    /// <summary>Walks the map: <c>foreach (var (key, values) in map)</c>. The values are valid until the next step.</summary>
    public PerCpuMapEnumerator<TKey, TValue> GetEnumerator() => new(Map);
}
