namespace LibbpfSharp.Emulator;

/// <summary>A bpf_list_head or bpf_rb_root with the objects that it owns. Callers hold <see cref="Gate"/>.</summary>
internal abstract class OwnedGraph
{
    /// <summary>
    /// Programs must hold the spin lock beside the head, but a lock that a program overwrote, or the deletion of the element,
    /// must not break the links.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>The first node, or null.</summary>
    public abstract GraphNode? First { get; }

    /// <summary>Takes a node of this graph out.</summary>
    public void Remove(GraphNode node)
    {
        Unlink(node);
        node.Leave();
    }

    /// <summary>Takes a node of this graph out of the links.</summary>
    protected abstract void Unlink(GraphNode node);
}
