namespace LibbpfSharp.Emulator;

/// <summary>
/// A bpf_rb_root: a red-black tree. Programs may walk it by root, left and right, so its shape is Linux's: insertion and removal
/// as textbooks have them, a node with two children giving its place to its successor.
/// </summary>
internal sealed class ObjectTree : OwnedGraph
{
    private GraphNode? _root;

    /// <summary>The root, or null.</summary>
    public GraphNode? Root => _root;

    public override GraphNode? First
    {
        get
        {
            GraphNode? node = _root;
            while (node?.Left is { } left)
                node = left;
            return node;
        }
    }

    /// <summary>Adds a claimed node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isLess">Whether it belongs before another.</param>
    public void Add(GraphNode node, Func<GraphNode, bool> isLess)
    {
        GraphNode? parent = null;
        bool left = false;
        for (GraphNode? at = _root; at is not null; at = left ? at.Left : at.Right)
        {
            parent = at;
            left = isLess(at);
        }

        node.Parent = parent;
        node.IsRed = true;
        if (parent is null)
            _root = node;
        else if (left)
            parent.Left = node;
        else
            parent.Right = node;
        BalanceAfterAdd(node);
    }

    protected override void Unlink(GraphNode node)
    {
        GraphNode? child;
        GraphNode? parent;
        bool removedRed;
        if (node is { Left: not null, Right: not null })
        {
            GraphNode successor = node.Right;
            while (successor.Left is { } left)
                successor = left;
            child = successor.Right;
            removedRed = successor.IsRed;
            if (successor.Parent == node)
            {
                parent = successor;
            }
            else
            {
                parent = successor.Parent;
                Replace(successor, child);
                successor.Right = node.Right;
                successor.Right.Parent = successor;
            }

            Replace(node, successor);
            successor.Left = node.Left;
            successor.Left.Parent = successor;
            successor.IsRed = node.IsRed;
        }
        else
        {
            child = node.Left ?? node.Right;
            parent = node.Parent;
            removedRed = node.IsRed;
            Replace(node, child);
        }

        if (!removedRed)
            BalanceAfterRemoval(child, parent);
    }

    private void BalanceAfterAdd(GraphNode node)
    {
        // The root is black, so a red parent has a parent.
        while (node.Parent is { IsRed: true } parent)
        {
            GraphNode grandparent = parent.Parent!;
            bool left = parent == grandparent.Left;
            GraphNode? uncle = left ? grandparent.Right : grandparent.Left;
            if (uncle is { IsRed: true })
            {
                parent.IsRed = uncle.IsRed = false;
                grandparent.IsRed = true;
                node = grandparent;
                continue;
            }

            if (node == (left ? parent.Right : parent.Left))
            {
                Rotate(parent, left);
                (node, parent) = (parent, node);
            }

            parent.IsRed = false;
            grandparent.IsRed = true;
            Rotate(grandparent, !left);
        }

        _root!.IsRed = false;
    }

    // The subtree of node, which may be empty, has one black node less than its sibling.
    private void BalanceAfterRemoval(GraphNode? node, GraphNode? parent)
    {
        while (parent is not null && node is not { IsRed: true })
        {
            bool left = node == parent.Left;
            GraphNode sibling = (left ? parent.Right : parent.Left)!;
            if (sibling.IsRed)
            {
                sibling.IsRed = false;
                parent.IsRed = true;
                Rotate(parent, left);
                sibling = (left ? parent.Right : parent.Left)!;
            }

            GraphNode? near = left ? sibling.Left : sibling.Right;
            GraphNode? far = left ? sibling.Right : sibling.Left;
            if (near is not { IsRed: true } && far is not { IsRed: true })
            {
                sibling.IsRed = true;
                (node, parent) = (parent, parent.Parent);
                continue;
            }

            if (far is not { IsRed: true })
            {
                near!.IsRed = false;
                sibling.IsRed = true;
                Rotate(sibling, !left);
                (far, sibling) = (sibling, near);
            }

            sibling.IsRed = parent.IsRed;
            parent.IsRed = far.IsRed = false;
            Rotate(parent, left);
            return;
        }

        if (node is not null)
            node.IsRed = false;
    }

    private void Rotate(GraphNode node, bool left)
    {
        GraphNode up = (left ? node.Right : node.Left)!;
        GraphNode? across = left ? up.Left : up.Right;
        Replace(node, up);
        if (left)
            (node.Right, up.Left) = (across, node);
        else
            (node.Left, up.Right) = (across, node);
        if (across is not null)
            across.Parent = node;
        node.Parent = up;
    }

    // Puts another subtree, or none, where a node hangs.
    private void Replace(GraphNode node, GraphNode? other)
    {
        if (node.Parent is not { } parent)
            _root = other;
        else if (parent.Left == node)
            parent.Left = other;
        else
            parent.Right = other;
        if (other is not null)
            other.Parent = node.Parent;
    }
}
