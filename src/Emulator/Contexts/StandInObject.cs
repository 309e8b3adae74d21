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
    private (uint Offset, StandInObject? Target)? _pointer;

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
            made._pointer = (offset, null);
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
        made.Set(kernel, "sk_buff", "mark", (int)skb.Mark);
        made.Set(kernel, "sk_buff", "hash", (int)skb.Hash);
        made.Set(kernel, "sk_buff", "skb_iif", (int)skb.IngressIfindex);
        made.Set(kernel, "sk_buff", "protocol", (short)skb.Protocol);

        // Where the buffer lies is made up; how far its data is from its beginning is not.
        const long Buffer = unchecked((long)0xffff_8881_0000_0000);
        made.Set(kernel, "sk_buff", "head", Buffer);
        made.Set(kernel, "sk_buff", "data", Buffer + skb.Packet.DataOffset);
        if (TryFind(kernel, "sk_buff", "dev", out uint offset) && offset + sizeof(ulong) <= made.Size)
            made._pointer = (offset, OfDevice(kernel, (int)skb.Ifindex));
        return made;
    }

    private static StandInObject OfDevice(EmulatedKernel kernel, int index)
    {
        const int LoopbackMtu = 65536, EthernetMtu = 1500;
        StandInObject made = Make(kernel, null, "net_device", "a network device");
        string name = kernel.Machine.FindInterface(index) ?? (index == 1 ? "lo" : "");
        made.Set(kernel, "net_device", "ifindex", index);
        made.Set(kernel, "net_device", "mtu", name == "lo" ? LoopbackMtu : EthernetMtu);
        made.SetText(kernel, "net_device", "name", name);
        return made;
    }

    protected override void OnAddressed(RunContext run, ulong address)
    {
        if (_pointer is var (offset, target))
            *(ulong*)(Memory + offset) = target?.Address(run) ?? address;
    }

    private static StandInObject Make(EmulatedKernel kernel, EmulatedStandIn? standIn, string structure, string description)
    {
        BtfData? btf = kernel.KernelTypes.Btf;
        uint size = btf is not null && btf.TryFindByName(structure, BtfKind.Struct, out uint id) ? btf[id].Size : 8;
        return new StandInObject(standIn, size, description);
    }

    private void Set<T>(EmulatedKernel kernel, string structure, string field, T value)
        where T : unmanaged
    {
        if (TryFind(kernel, structure, field, out uint offset) && offset + sizeof(T) <= Size)
            *(T*)(Memory + offset) = value;
    }

    private void SetText(EmulatedKernel kernel, string structure, string field, string value)
    {
        if (!TryFind(kernel, structure, field, out uint offset) || offset + 16 > Size)
            return;
        Span<byte> target = new(Memory + offset, 16);
        target.Clear();
        Encoding.UTF8.GetBytes(value, target[..15]);
    }

    private static bool TryFind(EmulatedKernel kernel, string structure, string field, out uint offset) =>
        kernel.KernelTypes.TryFindMember(structure, field, out offset);
}
