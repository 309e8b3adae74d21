using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What tells an existing map from the one that is expected (libbpf: map_is_reuse_compat).</summary>
internal static class MapDifferences
{
    // Of the descriptor, or of where the map's memory is; the map behaves the same without them.
    private const BpfMapFlags NotOfTheMap = BpfMapFlags.ReadOnly | BpfMapFlags.WriteOnly | BpfMapFlags.TokenFd | BpfMapFlags.VtypeBtfObjFd | BpfMapFlags.PathFd;

    /// <summary>All differences as text, or null if there is none.</summary>
    public static string? Describe(BpfMapInfo actual, BpfMapSpec expected, IBpfKernel kernel)
    {
        var differences = new List<string>();
        if (actual.Type != expected.Type)
            differences.Add($"type is {actual.Type}, expected {expected.Type}");
        if (actual.KeySize != expected.KeySize)
            differences.Add($"key_size is {actual.KeySize}, expected {expected.KeySize}");
        if (actual.ValueSize != expected.ValueSize)
            differences.Add($"value_size is {actual.ValueSize}, expected {expected.ValueSize}");
        uint maxEntries = EffectiveMaxEntries(expected, kernel);
        if (actual.MaxEntries != maxEntries)
            differences.Add($"max_entries is {actual.MaxEntries}, expected {maxEntries}");
        BpfMapFlags flags = expected.Flags | (expected.NumaNode is null ? 0 : BpfMapFlags.NumaNode);
        if (Effective(actual.Type, actual.Flags) != Effective(expected.Type, flags))
            differences.Add($"flags are {Effective(actual.Type, actual.Flags)}, expected {Effective(expected.Type, flags)}");
        if (actual.Extra != expected.Extra)
            differences.Add($"map_extra is {actual.Extra}, expected {expected.Extra}");
        return differences.Count == 0 ? null : string.Join("; ", differences);
    }

    private static BpfMapFlags Effective(BpfMapType type, BpfMapFlags flags)
    {
        flags &= ~NotOfTheMap;
        // The kernel adds this one by itself.
        return type is BpfMapType.DevMap or BpfMapType.DevMapHash ? flags & ~BpfMapFlags.ReadOnlyProgram : flags;
    }

    private static uint EffectiveMaxEntries(BpfMapSpec expected, IBpfKernel kernel)
    {
        // An LRU with a list per CPU rounds up to a multiple of the CPUs.
        if (expected.Type is not (BpfMapType.LruHash or BpfMapType.LruPerCpuHash) || (expected.Flags & BpfMapFlags.NoCommonLru) == 0)
            return expected.MaxEntries;
        uint cpus = (uint)kernel.Facts.PossibleCpus.Count;
        return (expected.MaxEntries + cpus - 1) / cpus * cpus;
    }
}
