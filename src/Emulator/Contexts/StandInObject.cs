using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A task, cgroup or file as programs see it: the kernel's structure with the fields that the emulator knows filled in, laid
/// out by the kernel's BTF.
/// </summary>
internal sealed unsafe class StandInObject : GuestObject
{
    private readonly string _description;
    private uint? _self;

    private StandInObject(EmulatedStandIn? standIn, uint size, string description)
        : base(size, isWritable: false)
    {
        StandIn = standIn;
        _description = description;
    }

    /// <summary>The thing itself.</summary>
    public EmulatedStandIn? StandIn { get; }

    public override string Description => _description;

    /// <summary>struct task_struct of a process.</summary>
    public static StandInObject OfTask(EmulatedKernel kernel, EmulatedStandIn process, EmulatedTask task)
    {
        StandInObject made = Make(kernel, process, "task_struct", "a task");
        made.Set(kernel, "task_struct", "pid", task.Pid);
        made.Set(kernel, "task_struct", "tgid", task.Tgid);
        made.SetText(kernel, "task_struct", "comm", task.Comm);

        // The first thread of a process leads its group.
        if (task.Pid == task.Tgid && TryFind(kernel, "task_struct", "group_leader", out uint offset) && offset + sizeof(ulong) <= made.Size)
            made._self = offset;
        return made;
    }

    /// <summary>struct cgroup.</summary>
    public static StandInObject OfCgroup(EmulatedKernel kernel, EmulatedStandIn cgroup) => Make(kernel, cgroup, "cgroup", "a cgroup");

    /// <summary>struct sk_buff of a packet, as it is now.</summary>
    public static StandInObject OfSocketBuffer(EmulatedKernel kernel, SocketBufferState skb)
    {
        StandInObject made = Make(kernel, null, "sk_buff", "an sk_buff");
        made.Set(kernel, "sk_buff", "len", (int)skb.Length);
        made.Set(kernel, "sk_buff", "priority", (int)skb.Priority);
        return made;
    }

    protected override void OnAddressed(ulong address)
    {
        if (_self is { } offset)
            *(ulong*)(Memory + offset) = address;
    }

    private static StandInObject Make(EmulatedKernel kernel, EmulatedStandIn? standIn, string structure, string description)
    {
        BtfData? btf = kernel.KernelTypes.Btf;
        uint size = btf is not null && btf.TryFindByName(structure, BtfKind.Struct, out uint id) ? btf[id].Size : 8;
        return new StandInObject(standIn, size, description);
    }

    private void Set(EmulatedKernel kernel, string structure, string field, int value)
    {
        if (TryFind(kernel, structure, field, out uint offset) && offset + 4 <= Size)
            *(int*)(Memory + offset) = value;
    }

    private void SetText(EmulatedKernel kernel, string structure, string field, string value)
    {
        if (!TryFind(kernel, structure, field, out uint offset) || offset + 16 > Size)
            return;
        Span<byte> target = new(Memory + offset, 16);
        target.Clear();
        Encoding.UTF8.GetBytes(value, target[..15]);
    }

    private static bool TryFind(EmulatedKernel kernel, string structure, string field, out uint offset)
    {
        offset = 0;
        if (kernel.KernelTypes.Btf is not { } btf || !btf.TryFindByName(structure, BtfKind.Struct, out uint id))
            return false;
        foreach (BtfMember member in btf[id].Members)
        {
            if (member.Name != field)
                continue;
            offset = member.BitOffset / 8;
            return true;
        }

        return false;
    }
}
