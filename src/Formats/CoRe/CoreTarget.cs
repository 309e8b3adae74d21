using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>
/// What objects are relocated against: the BTF of a kernel (running, emulated, or from a file) and that of its modules. May be
/// shared by many <see cref="CoreRelocator"/>s and threads.
/// </summary>
public sealed class CoreTarget
{
    private readonly Lazy<IReadOnlyList<CoreModule>> _modules;

    /// <summary>Makes a target.</summary>
    /// <param name="kernel">BTF of the kernel itself.</param>
    /// <param name="modules">
    /// Gives the split BTF of the modules; called once, and only when a type is sought that the kernel itself does not have.
    /// Leave it out when <paramref name="kernel"/> is another kernel's.
    /// </param>
    public CoreTarget(BtfData kernel, Func<IReadOnlyList<CoreModule>>? modules = null)
    {
        Kernel = kernel;
        _modules = new(modules ?? (static () => []));
    }

    /// <summary>BTF of the kernel itself.</summary>
    public BtfData Kernel { get; }

    /// <summary>Types with the essential name and a compatible kind; those of modules only if the kernel has none.</summary>
    internal List<CoreCandidate> FindCandidates(BtfType local)
    {
        List<CoreCandidate> found = [];
        ReadOnlySpan<byte> essential = CoreNames.Essential(local.NameBytes);
        List<uint> ids = [];
        Kernel.FindByEssentialName(essential, ids);
        Add(found, local, Kernel, null, ids);
        if (found.Count > 0)
            return found;
        foreach (CoreModule module in _modules.Value)
        {
            ids.Clear();
            module.Btf.FindByEssentialName(essential, ids);
            ids.RemoveAll(id => id < module.Btf.FirstId);
            Add(found, local, module.Btf, module.Name, ids);
        }

        return found;
    }

    private static void Add(List<CoreCandidate> found, BtfType local, BtfData btf, string? module, List<uint> ids)
    {
        foreach (uint id in ids)
        {
            if (CoreTypeMatcher.KindsAreCompatible(local, btf[id]))
                found.Add(new(btf, id, module));
        }
    }
}
