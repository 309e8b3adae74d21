namespace LibbpfSharp.Skeletons;

/// <summary>The links of a skeleton: one place per program, filled by <see cref="Attach"/> or by the user.</summary>
public sealed class BpfSkeletonLinks : IDisposable
{
    private readonly BpfObject _owner;
    private readonly Dictionary<string, BpfLink> _links = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Makes empty places for the programs of an object.</summary>
    /// <param name="owner">The loaded object.</param>
    public BpfSkeletonLinks(BpfObject owner)
    {
        _owner = owner;
    }

    /// <summary>The link of a program; null if it is not attached. What is put here is disposed of with the skeleton.</summary>
    /// <param name="program">Name of the program in C.</param>
    /// <exception cref="InvalidOperationException">The program has a link already; dispose of that and set null first.</exception>
    public BpfLink? this[string program]
    {
        get => _links.GetValueOrDefault(program);
        set
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (value is null)
                _links.Remove(program);
            else if (!_links.TryAdd(program, value))
                throw new InvalidOperationException($"Program '{program}' has a link already; dispose of it and set null first.");
        }
    }

    /// <summary>Attaches every program whose section name says where and that has no link yet.</summary>
    /// <param name="keepFailures">
    /// False: at the first refusal the programs attached by this call are detached again, and it is thrown. True: refusals
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
        foreach (BpfProgram program in _owner.Programs)
        {
            if (_links.ContainsKey(program.Name))
            {
                skipped.Add((program.Name, "it has a link already"));
            }
            else if (!program.CanAttachBySection)
            {
                skipped.Add((program.Name, $"its section '{program.SectionName}' does not say where"));
            }
            else
            {
                try
                {
                    _links.Add(program.Name, program.Attach());
                    attached.Add(program.Name);
                }
                catch (BpfException e) when (keepFailures)
                {
                    failed.Add((program.Name, e));
                }
                catch
                {
                    foreach (string name in attached)
                        Detach(name);
                    throw;
                }
            }
        }

        return new(attached, skipped, failed);
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

    private void Detach(string name)
    {
        if (_links.Remove(name, out BpfLink? link))
            link.Dispose();
    }
}
