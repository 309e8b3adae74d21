namespace LibbpfSharp.Emulator;

/// <summary>An object that a program made with bpf_obj_new or bpf_percpu_obj_new.</summary>
internal sealed unsafe class AllocatedObject : GuestObject
{
    private readonly uint _stride;
    private readonly EmulatedKernel _kernel;
    private GraphNode[] _nodes = [];

    public AllocatedObject(EmulatedKernel kernel, string typeName, uint size, MapFields? fields, int perCpuSlots = 0)
        : base(perCpuSlots > 0 ? ((size + 7) & ~7u) * (uint)perCpuSlots : size, isWritable: perCpuSlots == 0)
    {
        _kernel = kernel;
        TypeName = typeName;
        Fields = fields;
        ObjectSize = size;
        IsPerCpu = perCpuSlots > 0;
        _stride = (size + 7) & ~7u;
    }

    public string TypeName { get; }

    /// <summary>Bytes of one object.</summary>
    public uint ObjectSize { get; }

    /// <summary>Its fields that the kernel owns, or null.</summary>
    public MapFields? Fields { get; }

    public bool IsPerCpu { get; }

    public override string Description => $"an object of struct {TypeName}";

    /// <summary>Its bpf_list_node or bpf_rb_node at an offset.</summary>
    public GraphNode NodeAt(uint offset)
    {
        GraphNode[] nodes = Volatile.Read(ref _nodes);
        if (Array.Find(nodes, n => n.Offset == offset) is { } node)
            return node;
        Interlocked.CompareExchange(ref _nodes, [.. nodes, new GraphNode(this, offset)], nodes);
        return NodeAt(offset);
    }

    public override ulong Address(RunContext run) => IsPerCpu ? base.Address(run) : Address(run, 0);

    /// <summary>Address of a CPU's object.</summary>
    public ulong Address(RunContext run, int slot) =>
        run.LeaseOwned(RegionKind.KernelObject, Memory + (_stride * (uint)slot), ObjectSize, Fields, this);

    protected override void OnDisposing()
    {
        if (Fields is { NeedsRelease: true })
            ValueFields.Release(_kernel, Fields, Memory);
    }
}
