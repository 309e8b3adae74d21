using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Skeletons;

/// <summary>The links of a skeleton: one place per program and struct_ops variable, filled by <see cref="Attach"/> or by the user.</summary>
public sealed class BpfSkeletonLinks : IDisposable
{
    private readonly BpfObject _owner;
    private readonly Dictionary<string, BpfLink> _links = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Makes empty places.</summary>
    /// <param name="owner">The loaded object.</param>
    public BpfSkeletonLinks(BpfObject owner)
    {
        _owner = owner;
    }

    /// <summary>The link of a program or struct_ops variable; null if it is not attached. What is put here is disposed of with the skeleton.</summary>
    /// <param name="name">Name in C.</param>
    /// <exception cref="InvalidOperationException">It has a link already; dispose of that and set null first.</exception>
    public BpfLink? this[string name]
    {
        get => _links.GetValueOrDefault(name);
        set
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (value is null)
                _links.Remove(name);
            else if (!_links.TryAdd(name, value))
                throw new InvalidOperationException($"'{name}' has a link already; dispose of it and set null first.");
        }
    }

    /// <summary>Attaches every program whose section name says where, and every struct_ops variable, that has no link yet.</summary>
    /// <param name="keepFailures">
    /// False: at the first refusal what was attached by this call is detached again, and it is thrown. True: refusals
    /// are reported, and what could be attached stays attached.
    /// </param>
    /// <returns>What was attached and what was not.</returns>
    /// <exception cref="BpfException">The kernel refused one.</exception>
    public BpfAttachReport Attach(bool keepFailures = false)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        List<string> attached = [];
        List<(string, string)> skipped = [];
        List<(string, BpfException)> failed = [];
        foreach (BpfProgramSpec spec in _owner.File.Programs)
        {
            if (_links.ContainsKey(spec.Name))
                skipped.Add((spec.Name, "it has a link already"));
            else if (!_owner.Programs.TryGet(spec.Name, out BpfProgram? program))
                skipped.Add((spec.Name, "it was not loaded"));
            else if (!_owner.IsAutoAttached(program))
                skipped.Add((spec.Name, "its AutoAttach is false"));
            else if (program.Type == BpfProgramType.StructOps)
                skipped.Add((spec.Name, "it is a callback of a struct_ops variable"));
            else if (!program.CanAttachBySection)
                skipped.Add((spec.Name, $"its section '{program.SectionName}' does not say where"));
            else
                Attach(spec.Name, program.Attach);
        }

        foreach ((string name, bool autoAttach) in _owner.StructOps)
        {
            if (_links.ContainsKey(name))
                skipped.Add((name, "it has a link already"));
            else if (!autoAttach)
                skipped.Add((name, "its AutoAttach is false"));
            else
                Attach(name, () => _owner.AttachStructOps(name));
        }

        return new(attached, skipped, failed);

        void Attach(string name, Func<BpfLink> attach)
        {
            try
            {
                _links.Add(name, attach());
                attached.Add(name);
            }
            catch (BpfException e) when (keepFailures)
            {
                failed.Add((name, e));
            }
            catch
            {
                foreach (string done in attached)
                    Detach(done);
                throw;
            }
        }
    }

    /// <summary>Pins the links that there are, each as NAME-link: programs then stay attached when this process ends.</summary>
    /// <param name="directory">A directory in bpffs that exists.</param>
    /// <exception cref="BpfException">The kernel refused, or has no link for a kind of attachment; what this call pinned is unpinned again.</exception>
    public void Pin(string directory)
    {
        List<BpfLink> pinned = [];
        try
        {
            foreach ((string name, BpfLink link) in _links)
            {
                link.Pin(PathOf(directory, name));
                pinned.Add(link);
            }
        }
        catch
        {
            foreach (BpfLink link in pinned)
                link.Unpin();
            throw;
        }
    }

    /// <summary>Removes the pins of the links; they stay attached as long as this object has them.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="BpfException">A pin cannot be removed.</exception>
    public void Unpin(string directory)
    {
        foreach ((string name, BpfLink link) in _links)
        {
            if (link.PinPath == PathOf(directory, name))
                link.Unpin();
        }
    }

    /// <summary>Opens the links that are pinned in a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="BpfException">A pin cannot be opened.</exception>
    public void OpenPinned(string directory)
    {
        foreach (string name in _owner.File.Programs.Select(p => p.Name).Concat(_owner.StructOps.Select(s => s.Name)))
        {
            string path = PathOf(directory, name);
            if (KernelPins.TryOpen(_owner.Kernel, path, KernelObjectKind.Link, out int fd))
                this[name] = BpfLink.FromPin(_owner.Kernel, fd, path);
        }
    }

    /// <summary>Detaches all programs.</summary>
    public void Detach()
    {
        foreach (string name in _links.Keys.ToArray())
            Detach(name);
    }

    /// <summary>Detaches all programs, for good.</summary>
    public void Dispose()
    {
        Detach();
        _disposed = true;
    }

    private static string PathOf(string directory, string name) => BpfObject.PathOf(directory, name) + "-link"; // no name of C has a dash

    private void Detach(string name)
    {
        if (_links.Remove(name, out BpfLink? link))
            link.Dispose();
    }
}
