using System.Globalization;
using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>A link: a program recorded as attached. Events reach it when a test raises them.</summary>
internal sealed unsafe class EmulatedLink : EmulatedObject
{
    private readonly Lock _lock = new();
    private EmulatedProgram? _program;

    /// <summary>Takes over a reference to the target object; adds one to the program.</summary>
    public EmulatedLink(EmulatedKernel kernel, BpfLinkType type, EmulatedProgram? program, AttachPoint point)
        : base(kernel)
    {
        Type = type;
        Point = point;
        _program = program;
        program?.Acquire();
    }

    public uint Id { get; set; }

    public BpfLinkType Type { get; }

    /// <summary>Where it is attached.</summary>
    public AttachPoint Point { get; private set; }

    /// <summary>Value of bpf_get_attach_cookie().</summary>
    public ulong Cookie { get; init; }

    /// <summary>Cookies by function name, for links over many functions.</summary>
    public IReadOnlyDictionary<string, ulong> Cookies { get; init; } = new Dictionary<string, ulong>();

    /// <summary>LINK_CREATE's flags.</summary>
    public uint Flags { get; init; }

    /// <summary>False after LINK_DETACH, or once its target is gone.</summary>
    public bool IsAttached { get; private set; } = true;

    /// <summary>The program now; LINK_UPDATE changes it.</summary>
    public EmulatedProgram? Program => Volatile.Read(ref _program);

    public override string Description => $"link {Id} on {Point.Name}";

    public override bool CanBePinned => true;

    /// <summary>Whether LINK_DETACH exists for the type.</summary>
    public bool CanBeDetached => Type is BpfLinkType.Cgroup or BpfLinkType.NetNs or BpfLinkType.Xdp or BpfLinkType.Tcx or BpfLinkType.Netkit or BpfLinkType.StructOps or BpfLinkType.SockMap;

    /// <summary>BPF_LINK_DETACH.</summary>
    public int Detach()
    {
        if (!CanBeDetached)
            return -Errno.EOPNOTSUPP;
        Unattach();
        return 0;
    }

    /// <summary>BPF_LINK_UPDATE: another program of the same type.</summary>
    /// <returns>0; -EPERM if <paramref name="old"/> is not the program; -EINVAL for another type; -ENOLINK once detached.</returns>
    public int Update(EmulatedProgram next, EmulatedProgram? old)
    {
        lock (_lock)
        {
            if (Type is BpfLinkType.RawTracepoint or BpfLinkType.Tracing or BpfLinkType.PerfEvent or BpfLinkType.KprobeMulti or BpfLinkType.UprobeMulti)
                return -Errno.EINVAL;
            if (!IsAttached)
                return -(int)BpfErrno.ENOLINK;
            if (old is not null && !ReferenceEquals(old, _program))
                return -Errno.EPERM;
            if (_program is null || next.Type != _program.Type || next.ExpectedAttachType != _program.ExpectedAttachType)
                return -Errno.EINVAL;
            if (InterfacePrograms.Has(Point.AttachType) && !ReferenceEquals(next, _program) && Kernel.Programs.Attachments.Interfaces.Update(this, next) is not 0 and var error)
                return error;
            next.Acquire();
            EmulatedProgram previous = _program;
            Volatile.Write(ref _program, next);
            previous.Release();
            return 0;
        }
    }

    /// <summary>BPF_LINK_UPDATE of struct_ops: another table of the same struct.</summary>
    /// <returns>0; -EPERM if <paramref name="old"/> is not the table; -EINVAL for one that cannot take its place; -ENOLINK once detached.</returns>
    public int Update(StructOpsMap next, EmulatedMap? old)
    {
        lock (_lock)
        {
            if (!IsAttached)
                return -(int)BpfErrno.ENOLINK;
            var present = (StructOpsMap)Point.Object!;
            if (old is not null && !ReferenceEquals(old, present))
                return -Errno.EPERM;
            int error = Kernel.Programs.StructOps.Replace(present, next);
            if (error != 0)
                return error;
            next.Acquire();
            Point = Point with { Name = next.Name, Object = next };
            present.Release();
            return 0;
        }
    }

    public override int GetInfo(ref BpfAttr attr)
    {
        const uint Known = 64;
        int error = InfoBuffer.Read(attr.info.info, attr.info.info_len, Known, out bpf_link_info info, keepsUnknown: true);
        if (error != 0)
            return error;
        ulong name = info.raw_tracepoint_tp_name;
        uint nameLength = info.raw_tracepoint_tp_name_len;
        ulong perfName = info.perf_event_name;
        uint perfNameLength = info.perf_event_name_len;
        info.type = (uint)Type;
        info.id = Id;
        info.prog_id = _program?.Id ?? 0;
        switch (Type)
        {
            case BpfLinkType.RawTracepoint:
                error = WriteName(Point.Name, name, nameLength, out info.raw_tracepoint_tp_name_len);
                info.raw_tracepoint_cookie = Cookie;
                break;
            case BpfLinkType.Tracing:
                info.tracing_attach_type = (uint)Point.AttachType;
                info.tracing_target_obj_id = _program?.AttachProgram?.Id ?? 1;
                info.tracing_target_btf_id = _program?.AttachBtfId ?? 0;
                info.tracing_cookie = Cookie;
                break;
            case BpfLinkType.Cgroup:
                info.cgroup_cgroup_id = IsAttached ? (Point.Object as EmulatedStandIn)?.Id ?? 0 : 0;
                info.cgroup_attach_type = (uint)Point.AttachType;
                break;
            case BpfLinkType.NetNs:
                info.netns_ino = IsAttached ? (uint)((Point.Object as EmulatedStandIn)?.Id ?? 0) : 0;
                info.netns_attach_type = (uint)Point.AttachType;
                break;
            case BpfLinkType.Xdp:
                info.xdp_ifindex = IsAttached ? (uint)Point.Number : 0;
                break;
            case BpfLinkType.Tcx or BpfLinkType.Netkit:
                info.tcx_ifindex = IsAttached ? (uint)Point.Number : 0;
                info.tcx_attach_type = (uint)Point.AttachType;
                break;
            case BpfLinkType.Iter:
                error = WriteName(Point.Name, name, nameLength, out info.iter_target_name_len);
                WriteIterator(ref info);
                break;
            case BpfLinkType.Netfilter:
                info.netfilter_pf = (uint)(Point.Number >> 32);
                info.netfilter_hooknum = (uint)Point.Number;
                info.netfilter_priority = Point.Priority;
                info.netfilter_flags = Flags;
                break;
            case BpfLinkType.PerfEvent:
                error = WritePerfEvent(ref info, perfName, perfNameLength);
                break;
            case BpfLinkType.StructOps:
                info.struct_ops_map_id = !IsAttached ? 0 : (Point.Object as EmulatedMap)?.Id ?? 0;
                break;
            case BpfLinkType.KprobeMulti:
                error = WriteKernelFunctions(ref info);
                break;
            case BpfLinkType.UprobeMulti:
                error = WriteUserFunctions(ref info);
                break;
            case BpfLinkType.SockMap:
                info.sockmap_map_id = (Point.Object as EmulatedMap)?.Id ?? 0;
                info.sockmap_attach_type = (uint)Point.AttachType;
                break;
        }

        if (error != 0 && error != -Errno.ENOSPC)
            return error;
        int written = InfoBuffer.Write(ref attr.info, Known, ref info);
        return written != 0 ? written : error;
    }

    private void WriteIterator(ref bpf_link_info info)
    {
        info.iter_map_id = (Point.Object as EmulatedMap)?.Id ?? 0;
        if (Point.Name == "cgroup")
        {
            info.iter_cgroup_id = (Point.Object as EmulatedStandIn)?.Id ?? 0;
            info.iter_cgroup_order = (uint)Point.Priority;
        }
        else if (Point.Name.StartsWith("task", StringComparison.Ordinal))
        {
            info.iter_task_tid = (uint)Point.Number;
            info.iter_task_pid = (uint)(Point.Number >> 32);
        }
    }

    private int WritePerfEvent(ref bpf_link_info info, ulong name, uint nameLength)
    {
        const uint Uprobe = 1, Kprobe = 3, Tracepoint = 5, Counter = 6;
        switch (Point.Kind)
        {
            case AttachKind.Tracepoint:
                info.perf_event_type = Tracepoint;
                info.perf_event_tracepoint_cookie = Cookie;
                return WriteName(Point.Name[(Point.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], name, nameLength, out info.perf_event_name_len);
            case AttachKind.KernelFunction:
                info.perf_event_type = Kprobe + (Point.IsReturn ? 1u : 0);
                info.perf_event_offset = (uint)Point.Number;
                info.perf_event_kprobe_addr = 0;
                info.perf_event_kprobe_missed = 0;
                info.perf_event_kprobe_cookie = Cookie;
                return WriteName(Point.Name, name, nameLength, out info.perf_event_name_len);
            case AttachKind.UserFunction:
                info.perf_event_type = Uprobe + (Point.IsReturn ? 1u : 0);
                info.perf_event_offset = (uint)Point.Number;
                info.perf_event_uprobe_cookie = Cookie;
                info.perf_event_uprobe_ref_ctr_offset = 0;
                return WriteName(Point.Name[..Point.Name.LastIndexOf("+0x", StringComparison.Ordinal)], name, nameLength, out info.perf_event_name_len);
            default:
                info.perf_event_type = Counter;
                info.perf_event_event_config = (ulong)Point.Number;
                info.perf_event_event_type = (Point.Object as EmulatedPerfEvent)?.Type ?? 0;
                info.perf_event_event_cookie = Cookie;
                return 0;
        }
    }

    private int WriteKernelFunctions(ref bpf_link_info info)
    {
        uint room = info.kprobe_multi_count;
        ulong addresses = info.kprobe_multi_addrs;
        if ((addresses == 0) != (room == 0) || (info.kprobe_multi_cookies != 0 && room == 0))
            return -Errno.EINVAL;
        info.kprobe_multi_count = (uint)Point.Names.Count;
        info.kprobe_multi_flags = Point.IsReturn ? 1u : 0;
        info.kprobe_multi_missed = 0;
        if (addresses == 0)
            return 0;
        int count = (int)Math.Min(room, (uint)Point.Names.Count);
        if (!UserMemory.IsValid(addresses) || (info.kprobe_multi_cookies != 0 && !UserMemory.IsValid(info.kprobe_multi_cookies)))
            return -Errno.EFAULT;

        // Nothing in this kernel has an address: zeros, as Linux shows to those who may not see them.
        new Span<ulong>((void*)addresses, count).Clear();
        if (info.kprobe_multi_cookies != 0)
            WriteCookies(info.kprobe_multi_cookies, count);
        return count < Point.Names.Count ? -Errno.ENOSPC : 0;
    }

    private int WriteUserFunctions(ref bpf_link_info info)
    {
        uint room = info.uprobe_multi_count;
        ulong path = info.uprobe_multi_path, offsets = info.uprobe_multi_offsets, counters = info.uprobe_multi_ref_ctr_offsets, cookies = info.uprobe_multi_cookies;
        if ((path == 0) != (info.uprobe_multi_path_size == 0) || ((offsets | counters | cookies) != 0 && room == 0))
            return -Errno.EINVAL;
        if ((path != 0 && !UserMemory.IsValid(path)) || (offsets != 0 && !UserMemory.IsValid(offsets)) || (counters != 0 && !UserMemory.IsValid(counters)) || (cookies != 0 && !UserMemory.IsValid(cookies)))
            return -Errno.EFAULT;
        int error = WriteName(Point.Names[0][..Point.Names[0].LastIndexOf("+0x", StringComparison.Ordinal)], path, info.uprobe_multi_path_size, out info.uprobe_multi_path_size);
        if (error != 0)
            return error;
        info.uprobe_multi_count = (uint)Point.Names.Count;
        info.uprobe_multi_flags = Point.IsReturn ? 1u : 0;
        info.uprobe_multi_pid = 0;
        int count = (int)Math.Min(room, (uint)Point.Names.Count);
        for (int i = 0; i < count && offsets != 0; i++)
            ((ulong*)offsets)[i] = ulong.Parse(Point.Names[i].AsSpan(Point.Names[i].LastIndexOf("+0x", StringComparison.Ordinal) + 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (counters != 0)
            new Span<ulong>((void*)counters, count).Clear();
        if (cookies != 0)
            WriteCookies(cookies, count);
        return room != 0 && count < Point.Names.Count ? -Errno.ENOSPC : 0;
    }

    private void WriteCookies(ulong user, int count)
    {
        for (int i = 0; i < count; i++)
            ((ulong*)user)[i] = Cookies.GetValueOrDefault(Point.Names[i]);
    }

    protected override void OnUnreferenced()
    {
        Unattach();
        if (Id != 0)
            Kernel.Programs.Links.Remove(Id);
    }

    protected override void Destroy()
    {
        _program?.Release();
        Point.Object?.Release();
    }

    private void Unattach()
    {
        if (!IsAttached)
            return;
        IsAttached = false;
        if (Point.Object is StructOpsMap table && Type == BpfLinkType.StructOps)
            Kernel.Programs.StructOps.Unregister(table);
        if (InterfacePrograms.Has(Point.AttachType))
            Kernel.Programs.Attachments.Interfaces.Remove(this);
    }

    // A name with its NUL into the caller's buffer; the length needed goes back in any case.
    private static int WriteName(string name, ulong user, uint size, out uint length)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name + "\0");
        length = (uint)bytes.Length;
        if ((user == 0) != (size == 0))
            return -Errno.EINVAL;
        if (user == 0)
            return 0;
        if (!UserMemory.IsValid(user))
            return -Errno.EFAULT;
        int copied = (int)Math.Min(size, length);
        bytes.AsSpan(0, copied).CopyTo(new Span<byte>((byte*)user, copied));
        ((byte*)user)[copied - 1] = 0;
        return copied < bytes.Length ? -Errno.ENOSPC : 0;
    }
}
