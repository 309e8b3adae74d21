namespace LibbpfSharp.Emulator;

/// <summary>A place that programs are attached to.</summary>
/// <param name="Kind">Its sort.</param>
/// <param name="Name">Its name: of a tracepoint, function, path, iterator target.</param>
/// <param name="AttachType">The attach type where the kind has several.</param>
internal sealed record AttachPoint(AttachKind Kind, string Name, BpfAttachType AttachType)
{
    /// <summary>The object it belongs to (cgroup, namespace, map, perf event); the link holds a reference.</summary>
    public EmulatedObject? Object { get; init; }

    /// <summary>Interface index, offset, hook number.</summary>
    public long Number { get; init; }

    /// <summary>Names of all functions of a link over many.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Parameters of an iterator.</summary>
    public IteratorParameters Iterator { get; init; }

    /// <summary>At the function's return.</summary>
    public bool IsReturn { get; init; }

    /// <summary>Order among several.</summary>
    public int Priority { get; init; }
}
