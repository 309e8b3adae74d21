using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>Relations between types of two BTFs, as CO-RE defines them.</summary>
public static class CoreTypes
{
    /// <summary>
    /// Whether a type is compatible with another by libbpf's bpf_core_types_are_compat(): the same kinds, behind pointers, in
    /// arrays and in prototypes too. Names and members do not matter; a structure that is only declared is another kind.
    /// </summary>
    /// <param name="local">BTF of the first type.</param>
    /// <param name="localId">Its id.</param>
    /// <param name="target">BTF of the second type.</param>
    /// <param name="targetId">Its id.</param>
    /// <returns>Also false if the types are nested too deep to be compared.</returns>
    public static bool AreCompatible(BtfData local, uint localId, BtfData target, uint targetId)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(target);
        try
        {
            return new CoreTypeMatcher(local, target).AreCompatible(localId, targetId);
        }
        catch (CoreFailureException)
        {
            return false;
        }
    }
}
