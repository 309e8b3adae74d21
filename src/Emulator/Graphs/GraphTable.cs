using System.Collections.Concurrent;

namespace LibbpfSharp.Emulator;

/// <summary>The lists and trees of a kernel, by the address of their head in a map's value or an object.</summary>
internal sealed unsafe class GraphTable
{
    private readonly ConcurrentDictionary<nint, OwnedGraph> _graphs = new();

    /// <summary>The list with its head here; made empty at first use, as Linux takes 16 zero bytes for an empty list.</summary>
    public ObjectList ListAt(byte* head) => (ObjectList)_graphs.GetOrAdd((nint)head, static _ => new ObjectList());

    /// <summary>The tree with its root here.</summary>
    public ObjectTree TreeAt(byte* root) => (ObjectTree)_graphs.GetOrAdd((nint)root, static _ => new ObjectTree());

    /// <summary>The value or object with the head goes away: drops what is in the list or tree.</summary>
    public void Release(byte* head)
    {
        if (!_graphs.TryRemove((nint)head, out OwnedGraph? graph))
            return;
        while (true)
        {
            GraphNode? node;
            lock (graph.Gate)
            {
                node = graph.First;
                if (node is not null)
                    graph.Remove(node);
            }

            if (node is null)
                return;
            node.Item.Release();
        }
    }
}
