namespace LibbpfSharp.Emulator;

/// <summary>A bpf_list_node or bpf_rb_node of an allocated object. What the links are is kept here, never in the program's memory.</summary>
internal sealed class GraphNode(AllocatedObject item, uint offset)
{
    private OwnedGraph? _owner;

    /// <summary>The object that the node is in.</summary>
    public AllocatedObject Item => item;

    /// <summary>Where in it, in bytes.</summary>
    public uint Offset => offset;

    /// <summary>The list or tree that it is in; null for none.</summary>
    public OwnedGraph? Owner => Volatile.Read(ref _owner);

    /// <summary>Left child, or the node before.</summary>
    public GraphNode? Left { get; set; }

    /// <summary>Right child, or the node after.</summary>
    public GraphNode? Right { get; set; }

    /// <summary>Parent in a tree.</summary>
    public GraphNode? Parent { get; set; }

    /// <summary>Colour in a tree.</summary>
    public bool IsRed { get; set; }

    /// <summary>Claims the node for a list or tree.</summary>
    /// <returns>False if it is in one already.</returns>
    public bool TryClaim(OwnedGraph graph) => Interlocked.CompareExchange(ref _owner, graph, null) is null;

    /// <summary>It is in no list or tree any more.</summary>
    public void Leave()
    {
        Left = Right = Parent = null;
        IsRed = false;
        Volatile.Write(ref _owner, null);
    }
}
