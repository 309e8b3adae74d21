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
    private readonly EmulatedKernel _kernel;
    private readonly string _structure;

    private StandInObject(EmulatedKernel kernel, EmulatedStandIn? standIn, string structure, uint size, string description)
        : base(size, isWritable: false)
    {
        StandIn = standIn;
        _kernel = kernel;
        _structure = structure;
        _description = description;
    }

    /// <summary>The thing itself.</summary>
    public EmulatedStandIn? StandIn { get; }

    public override string Description => _description;

    /// <summary>struct task_struct of a process.</summary>
    public static StandInObject OfTask(EmulatedKernel kernel, EmulatedStandIn process, EmulatedTask task)
    {
        StandInObject made = Make(kernel, process, "task_struct", "a task");
        made.Set("pid", task.Pid);
        made.Set("tgid", task.Tgid);
        made.SetText("comm", task.Comm);

        // The first thread of a process leads its group.
        if (task.Pid == task.Tgid && made.TryFind("group_leader", out uint offset) && offset + sizeof(ulong) <= made.Size)
            made._pointer = (offset, null);
        return made;
    }

    /// <summary>struct cgroup.</summary>
    public static StandInObject OfCgroup(EmulatedKernel kernel, EmulatedStandIn cgroup) => Make(kernel, cgroup, "cgroup", "a cgroup");

    /// <summary>struct sk_buff of a packet, as it is now.</summary>
    public static StandInObject OfSocketBuffer(EmulatedKernel kernel, SocketBufferState skb)
    {
        StandInObject made = Make(kernel, null, "sk_buff", "an sk_buff");
        made.Set("len", (int)skb.Length);
        made.Set("priority", (int)skb.Priority);
        made.Set("mark", (int)skb.Mark);
        made.Set("hash", (int)skb.Hash);
        made.Set("skb_iif", (int)skb.IngressIfindex);
        made.Set("protocol", (short)skb.Protocol);

        // Where the buffer lies is made up; how far its data is from its beginning is not.
        const long Buffer = unchecked((long)0xffff_8881_0000_0000);
        made.Set("head", Buffer);
        made.Set("data", Buffer + skb.Packet.DataOffset);
        if (made.TryFind("dev", out uint offset) && offset + sizeof(ulong) <= made.Size)
            made._pointer = (offset, OfDevice(kernel, (int)skb.Ifindex));
        return made;
    }

    /// <summary>struct nf_hook_state.</summary>
    public static StandInObject OfHook(EmulatedKernel kernel, NetfilterHook hook)
    {
        StandInObject made = Make(kernel, null, "nf_hook_state", "the state of a netfilter hook");
        made.Set("hook", hook.Number);
        made.Set("pf", hook.Family);
        if (hook.HasOutput && made.TryFind("out", out uint offset) && offset + sizeof(ulong) <= made.Size)
            made._pointer = (offset, OfDevice(kernel, 1));
        return made;
    }

    /// <summary>struct bpf_map.</summary>
    public static StandInObject OfMap(EmulatedMap map)
    {
        StandInObject made = Make(map.Kernel, null, "bpf_map", map.Description);
        made.Set("map_type", (int)map.Type);
        made.Set("key_size", (int)map.KeySize);
        made.Set("value_size", (int)map.ValueSize);
        made.Set("max_entries", (int)map.MaxEntries);
        made.Set("map_flags", (int)map.Flags);
        made.SetPointer("map_extra", map.Extra);
        made.Set("id", (int)map.Id);
        made.Set("btf_key_type_id", (int)map.BtfKeyTypeId);
        made.Set("btf_value_type_id", (int)map.BtfValueTypeId);
        made.SetText("name", map.Name);
        return made;
    }

    /// <summary>struct bpf_prog.</summary>
    public static StandInObject OfProgram(EmulatedProgram program)
    {
        StandInObject made = Make(program.Kernel, null, "bpf_prog", program.Description);
        made.Set("type", (int)program.Type);
        made.Set("expected_attach_type", (int)program.ExpectedAttachType);
        return made;
    }

    /// <summary>struct bpf_prog_aux.</summary>
    public static StandInObject OfProgramAuxiliary(EmulatedProgram program)
    {
        StandInObject made = Make(program.Kernel, null, "bpf_prog_aux", program.Description);
        made.Set("id", (int)program.Id);
        made.Set("attach_btf_id", (int)program.AttachBtfId);
        made.SetText("name", program.Name);
        return made;
    }

    /// <summary>struct bpf_link.</summary>
    public static StandInObject OfLink(EmulatedLink link)
    {
        StandInObject made = Make(link.Kernel, null, "bpf_link", link.Description);
        made.Set("id", (int)link.Id);
        made.Set("type", (int)link.Type);
        return made;
    }

    /// <summary>struct vm_area_struct.</summary>
    public static StandInObject OfMapping(EmulatedKernel kernel, ulong start, ulong end)
    {
        StandInObject made = Make(kernel, null, "vm_area_struct", "a memory mapping");
        made.SetPointer("vm_start", start);
        made.SetPointer("vm_end", end);
        return made;
    }

    /// <summary>struct pt_regs.</summary>
    public static StandInObject OfRegisters(EmulatedKernel kernel, ReadOnlySpan<byte> registers, int size)
    {
        StandInObject made = Make(kernel, null, "pt_regs", "registers");
        registers[..Math.Min(registers.Length, Math.Min(size, (int)made.Size))].CopyTo(new Span<byte>(made.Memory, (int)made.Size));
        return made;
    }

    /// <summary>Sets a field of 8 bytes, such as the address that a pointer has in this run.</summary>
    public void SetPointer(string field, ulong value)
    {
        if (TryFind(field, out uint offset) && offset + 8 <= Size)
            *(ulong*)(Memory + offset) = value;
    }

    private static StandInObject OfDevice(EmulatedKernel kernel, int index)
    {
        const int LoopbackMtu = 65536, EthernetMtu = 1500;
        StandInObject made = Make(kernel, null, "net_device", "a network device");
        string name = kernel.Machine.FindInterface(index) ?? (index == 1 ? "lo" : "");
        made.Set("ifindex", index);
        made.Set("mtu", name == "lo" ? LoopbackMtu : EthernetMtu);
        made.SetText("name", name);
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
        return new StandInObject(kernel, standIn, structure, size, description);
    }

    private void Set<T>(string field, T value)
        where T : unmanaged
    {
        if (TryFind(field, out uint offset) && offset + sizeof(T) <= Size)
            *(T*)(Memory + offset) = value;
    }

    private void SetText(string field, string value)
    {
        if (!TryFind(field, out uint offset) || offset + 16 > Size)
            return;
        Span<byte> target = new(Memory + offset, 16);
        target.Clear();
        Encoding.UTF8.GetBytes(value, target[..15]);
    }

    private bool TryFind(string field, out uint offset) => _kernel.KernelTypes.TryFindMember(_structure, field, out offset);
}
