namespace LibbpfSharp.Emulator;

/// <summary>An object that a program made with bpf_obj_new or bpf_percpu_obj_new.</summary>
internal sealed unsafe class AllocatedObject : GuestObject
{
    private readonly uint _stride;

    public AllocatedObject(string typeName, uint size, int perCpuSlots = 0)
        : base(perCpuSlots > 0 ? ((size + 7) & ~7u) * (uint)perCpuSlots : size, isWritable: perCpuSlots == 0)
    {
        TypeName = typeName;
        ObjectSize = size;
        IsPerCpu = perCpuSlots > 0;
        _stride = (size + 7) & ~7u;
    }

    public string TypeName { get; }

    /// <summary>Bytes of one object.</summary>
    public uint ObjectSize { get; }

    public bool IsPerCpu { get; }

    public override string Description => $"an object of struct {TypeName}";

    /// <summary>Address of a CPU's object.</summary>
    public ulong Address(RunContext run, int slot) =>
        run.LeaseRegion(RegionKind.KernelObject, Memory + (_stride * (uint)slot), ObjectSize, ObjectSize, this);
}
