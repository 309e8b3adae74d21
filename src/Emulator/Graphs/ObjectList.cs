namespace LibbpfSharp.Emulator;

/// <summary>A bpf_list_head: objects in the order in which they were put there.</summary>
internal sealed class ObjectList : OwnedGraph
{
    private GraphNode? _first;
    private GraphNode? _last;

    public override GraphNode? First => _first;

    /// <summary>The last node, or null.</summary>
    public GraphNode? Last => _last;

    /// <summary>Adds a claimed node.</summary>
    public void Add(GraphNode node, bool atEnd)
    {
        if (_first is null || _last is null)
        {
            _first = _last = node;
        }
        else if (atEnd)
        {
            (node.Left, _last.Right, _last) = (_last, node, node);
        }
        else
        {
            (node.Right, _first.Left, _first) = (_first, node, node);
        }
    }

    protected override void Unlink(GraphNode node)
    {
        if (node.Left is { } before)
            before.Right = node.Right;
        else
            _first = node.Right;
        if (node.Right is { } after)
            after.Left = node.Left;
        else
            _last = node.Left;
    }
}
