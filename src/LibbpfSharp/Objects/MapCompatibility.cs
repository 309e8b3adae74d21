using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>Whether an existing map can take a definition's place.</summary>
internal static class MapCompatibility
{
    /// <summary>Throws with every difference named.</summary>
    public static void Require(BpfMapDefinition wanted, BpfMap existing)
    {
        List<string> differences = Compare(wanted, existing);
        if (differences.Count > 0)
            throw new BpfException(BpfErrno.EINVAL, "using an existing map in its place", $"map '{wanted.Name}'", $"They differ: {string.Join(", ", differences)}.");
    }

    /// <summary>The differences, each as "property existing instead of wanted".</summary>
    public static List<string> Compare(BpfMapDefinition wanted, BpfMap existing)
    {
        var differences = new List<string>();
        if (wanted.Type != existing.Type)
            differences.Add($"type {existing.Type} instead of {wanted.Type}");
        Number("key size", wanted.KeySize, (uint)existing.KeySize);
        Number("value size", wanted.ValueSize, (uint)existing.ValueSize);
        Number("max_entries", MapMaker.EffectiveMaxEntries(existing.Kernel, wanted), existing.MaxEntries);

        // What the kernel adds to some kinds (a devmap is read-only to programs) is no difference.
        const BpfMapFlags Ignored = BpfMapFlags.ReadOnlyProgram | BpfMapFlags.NumaNode;
        if ((wanted.Flags & ~Ignored) != (existing.Flags & ~Ignored))
            differences.Add($"flags {existing.Flags} instead of {wanted.Flags}");
        return differences;

        void Number(string what, uint expected, uint actual)
        {
            if (expected != actual)
                differences.Add($"{what} {actual} instead of {expected}");
        }
    }
}
