using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>Finds what BPF_LINK_CREATE attaches to.</summary>
internal static unsafe class LinkTarget
{
    /// <summary>Resolves the target.</summary>
    /// <returns>0 or -errno; on success the point holds a reference to its object.</returns>
    public static int Resolve(
        EmulatedKernel kernel, EmulatedProgram program, ref bpf_attr_link_create attr,
        out BpfLinkType type, out AttachPoint? point, out ulong cookie, out Dictionary<string, ulong>? cookies)
    {
        var attachType = (BpfAttachType)attr.attach_type;
        type = BpfLinkType.Unspec;
        point = null;
        cookie = 0;
        cookies = null;
        switch (program.Type)
        {
            case BpfProgramType.Kprobe when attachType is BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession:
                type = BpfLinkType.KprobeMulti;
                return ReadKernelFunctions(ref attr, attachType, out point, out cookies);
            case BpfProgramType.Kprobe when attachType is BpfAttachType.TraceUprobeMulti or BpfAttachType.TraceUprobeSession:
                type = BpfLinkType.UprobeMulti;
                return ReadUserFunctions(ref attr, attachType, out point, out cookies);
            case BpfProgramType.Kprobe or BpfProgramType.Tracepoint or BpfProgramType.PerfEvent:
                if (attachType != BpfAttachType.PerfEvent || attr.flags != 0)
                    return -Errno.EINVAL;
                type = BpfLinkType.PerfEvent;
                cookie = attr.perf_event_bpf_cookie;
                return ResolvePerfEvent(kernel, program, attr.target_fd, out point);
            case BpfProgramType.Tracing when attachType == BpfAttachType.TraceIter:
                type = BpfLinkType.Iter;
                return ResolveIterator(kernel, program, ref attr, out point);
            case BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext:
                type = attachType == BpfAttachType.LsmCgroup ? BpfLinkType.Cgroup : BpfLinkType.Tracing;
                cookie = attr.tracing_cookie;
                if (attachType == BpfAttachType.LsmCgroup)
                    return ResolveStandIn<EmulatedCgroup>(kernel, attr.target_fd, AttachKind.Cgroup, attachType, out point);
                point = OfTracing(program);
                return program.Type == BpfProgramType.Ext || attachType == program.ExpectedAttachType ? 0 : -Errno.EINVAL;
            case BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable:
                return -Errno.EINVAL;
            case BpfProgramType.Xdp:
                type = BpfLinkType.Xdp;

                // Unlike the others, XDP says EINVAL of an interface that does not exist.
                return attachType == BpfAttachType.Xdp && ResolveInterface(kernel, attr.target_ifindex, attachType, out point) == 0 ? 0 : -Errno.EINVAL;
            case BpfProgramType.SchedCls:
                type = attachType is BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer ? BpfLinkType.Netkit : BpfLinkType.Tcx;
                return attachType is BpfAttachType.TcxIngress or BpfAttachType.TcxEgress or BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer
                    ? ResolveInterface(kernel, attr.target_ifindex, attachType, out point)
                    : -Errno.EINVAL;
            case BpfProgramType.FlowDissector or BpfProgramType.SkLookup:
                type = BpfLinkType.NetNs;
                return ResolveStandIn<EmulatedNetworkNamespace>(kernel, attr.target_fd, AttachKind.NetworkNamespace, attachType, out point);
            case BpfProgramType.Netfilter:
                const uint IPv4 = 2, IPv6 = 10;
                type = BpfLinkType.Netfilter;
                if (attr.netfilter_pf is not (IPv4 or IPv6))
                    return -(int)BpfErrno.EAFNOSUPPORT;
                if (attr.netfilter_hooknum > 4)
                    return -(int)BpfErrno.EPROTO;
                if (attr.netfilter_priority is int.MinValue or int.MaxValue)
                    return -Errno.ERANGE;
                point = new AttachPoint(AttachKind.Netfilter, "netfilter", attachType)
                {
                    Number = ((long)attr.netfilter_pf << 32) | attr.netfilter_hooknum,
                    Priority = attr.netfilter_priority,
                };
                return 0;
            case BpfProgramType.SkMsg or BpfProgramType.SkSkb:
                type = BpfLinkType.SockMap;
                return ResolveSocketMap(kernel, attr.target_fd, attachType, out point);
            default:
                if (!AttachmentTable.IsCgroupType(program.Type, attachType))
                    return -Errno.EINVAL;
                type = BpfLinkType.Cgroup;
                return ResolveStandIn<EmulatedCgroup>(kernel, attr.target_fd, AttachKind.Cgroup, attachType, out point);
        }
    }

    /// <summary>Where a program attaches whose target was given at load.</summary>
    public static AttachPoint OfTracing(EmulatedProgram program)
    {
        string target = program.AttachTarget;
        const string TypedefPrefix = "btf_trace_", HookPrefix = "bpf_lsm_";
        if (program.AttachProgram is not null)
            return new AttachPoint(AttachKind.Program, program.AttachProgram.Name, program.ExpectedAttachType);
        return program.ExpectedAttachType switch
        {
            BpfAttachType.TraceRawTp => new AttachPoint(AttachKind.RawTracepoint, Strip(target, TypedefPrefix), program.ExpectedAttachType),
            BpfAttachType.LsmMac or BpfAttachType.LsmCgroup => new AttachPoint(AttachKind.SecurityHook, Strip(target, HookPrefix), program.ExpectedAttachType),
            _ => new AttachPoint(AttachKind.KernelFunction, target, program.ExpectedAttachType) { IsReturn = program.ExpectedAttachType == BpfAttachType.TraceFexit },
        };
    }

    private static string Strip(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    private static int ResolvePerfEvent(EmulatedKernel kernel, EmulatedProgram program, uint fd, out AttachPoint? point)
    {
        point = null;
        int error = kernel.Find(fd, out EmulatedPerfEvent? perfEvent);
        if (error != 0)
            return error;
        if (program.Type != BpfProgramType.PerfEvent && perfEvent!.Target.Kind == AttachKind.PerfEvent)
            return -Errno.EINVAL;
        perfEvent!.Acquire();
        point = perfEvent.Target with { Object = perfEvent };
        return 0;
    }

    private static int ResolveInterface(EmulatedKernel kernel, uint index, BpfAttachType attachType, out AttachPoint? point)
    {
        string? name = kernel.Machine.FindInterface((int)index);
        point = name is null ? null : new AttachPoint(AttachKind.Interface, name, attachType) { Number = index };
        return name is null ? -Errno.ENODEV : 0;
    }

    private static int ResolveStandIn<T>(EmulatedKernel kernel, uint fd, AttachKind kind, BpfAttachType attachType, out AttachPoint? point)
        where T : EmulatedStandIn
    {
        point = null;
        int error = kernel.Find(fd, out T? target);
        if (error != 0)
            return -Errno.EBADF;
        target!.Acquire();
        point = new AttachPoint(kind, target.Description, attachType) { Object = target };
        return 0;
    }

    private static int ResolveSocketMap(EmulatedKernel kernel, uint fd, BpfAttachType attachType, out AttachPoint? point)
    {
        point = null;
        int error = kernel.Find(fd, out EmulatedMap? map);
        if (error != 0)
            return error;
        if (map!.Type is not (BpfMapType.SockMap or BpfMapType.SockHash))
            return -Errno.EINVAL;
        map.Acquire();
        point = new AttachPoint(AttachKind.SocketMap, map.Name, attachType) { Object = map };
        return 0;
    }

    private static int ResolveIterator(EmulatedKernel kernel, EmulatedProgram program, ref bpf_attr_link_create attr, out AttachPoint? point)
    {
        const string Prefix = "bpf_iter_";
        const uint InfoSize = 16;
        point = null;
        if (attr.target_fd != 0 || attr.flags != 0 || (attr.iter_info != 0) != (attr.iter_info_len != 0))
            return -Errno.EINVAL;
        uint* words = stackalloc uint[4];
        new Span<byte>(words, (int)InfoSize).Clear();
        if (attr.iter_info_len != 0)
        {
            if (!UserMemory.IsValid(attr.iter_info))
                return -Errno.EFAULT;
            if (attr.iter_info_len > InfoSize && new ReadOnlySpan<byte>((byte*)attr.iter_info + InfoSize, (int)(attr.iter_info_len - InfoSize)).ContainsAnyExcept((byte)0))
                return -Errno.E2BIG;
            new ReadOnlySpan<byte>((byte*)attr.iter_info, (int)Math.Min(attr.iter_info_len, InfoSize)).CopyTo(new Span<byte>(words, (int)InfoSize));
        }

        string target = Strip(program.AttachTarget, Prefix);
        EmulatedObject? item = null;
        IteratorParameters parameters = default;
        int error = target switch
        {
            "bpf_map_elem" or "bpf_sk_storage_map" or "sockmap" => ResolveIteratedMap(kernel, words[0], target, out item),
            "task" or "task_file" or "task_vma" => ResolveIteratedTask(kernel, words, out parameters),
            "cgroup" => ResolveIteratedCgroup(kernel, words, out parameters, out item),
            _ => 0,
        };
        if (error != 0)
            return error;
        item?.Acquire();
        point = new AttachPoint(AttachKind.Iterator, target, BpfAttachType.TraceIter)
        {
            Object = item,
            Iterator = parameters,
            Number = target.StartsWith("task", StringComparison.Ordinal) ? ((long)words[1] << 32) | words[0] : 0,
            Priority = (int)parameters.Order,
        };
        return 0;
    }

    private static int ResolveIteratedMap(EmulatedKernel kernel, uint fd, string target, out EmulatedObject? item)
    {
        item = null;
        if (fd == 0 || kernel.Find(fd, out EmulatedMap? map) is not 0)
            return -Errno.EBADF;
        item = map;
        bool fits = target switch
        {
            "bpf_map_elem" => ElementIterator.Takes(map!.Type),
            "sockmap" => map!.Type is BpfMapType.SockMap or BpfMapType.SockHash,
            _ => map!.Type == BpfMapType.SkStorage,
        };
        return fits ? 0 : -Errno.EINVAL;
    }

    // tid, pid or the descriptor of a process: at most one.
    private static int ResolveIteratedTask(EmulatedKernel kernel, uint* words, out IteratorParameters parameters)
    {
        parameters = new IteratorParameters((int)(words[0] | words[1]));
        int given = (words[0] != 0 ? 1 : 0) + (words[1] != 0 ? 1 : 0) + (words[2] != 0 ? 1 : 0);
        if (given > 1)
            return -Errno.EINVAL;
        if (words[2] == 0)
            return 0;
        if (kernel.Find(words[2], out EmulatedProcess? process) != 0)
            return -Errno.EBADF;
        parameters = new IteratorParameters(process!.ProcessId);
        return 0;
    }

    // Order, and a cgroup by descriptor or id; neither is the root.
    private static int ResolveIteratedCgroup(EmulatedKernel kernel, uint* words, out IteratorParameters parameters, out EmulatedObject? item)
    {
        item = null;
        parameters = new IteratorParameters(Order: words[0]);
        ulong id = *(ulong*)(words + 2);
        if (!CgroupIterator.IsOrder(words[0]) || (words[1] != 0 && id != 0))
            return -Errno.EINVAL;
        if (words[1] != 0)
        {
            if (kernel.Find(words[1], out EmulatedCgroup? opened) != 0)
                return -Errno.EBADF;
            item = opened;
        }
        else if (id != 0)
        {
            item = kernel.StandIns.All.OfType<EmulatedCgroup>().FirstOrDefault(c => c.Id == id);
            if (item is null)
                return -Errno.ENOENT;
        }

        return 0;
    }

    private static int ReadKernelFunctions(ref bpf_attr_link_create attr, BpfAttachType attachType, out AttachPoint? point, out Dictionary<string, ulong>? cookies)
    {
        const uint Return = 1;
        point = null;
        cookies = [];
        uint count = attr.kprobe_multi_cnt;
        if (count is 0 or > 1 << 20 || (attr.kprobe_multi_flags & ~Return) != 0 || (attr.kprobe_multi_syms != 0) == (attr.kprobe_multi_addrs != 0))
            return -Errno.EINVAL;
        if (attr.kprobe_multi_syms == 0)
            return -Errno.EOPNOTSUPP; // nothing in this kernel has an address
        if (!UserMemory.IsValid(attr.kprobe_multi_syms) || (attr.kprobe_multi_cookies != 0 && !UserMemory.IsValid(attr.kprobe_multi_cookies)))
            return -Errno.EFAULT;
        var names = new string[count];
        for (uint i = 0; i < count; i++)
        {
            int error = UserMemory.ReadString(((ulong*)attr.kprobe_multi_syms)[i], 512, out names[i]);
            if (error != 0)
                return error;
            if (attr.kprobe_multi_cookies != 0)
                cookies[names[i]] = ((ulong*)attr.kprobe_multi_cookies)[i];
        }

        point = new AttachPoint(AttachKind.KernelFunction, names[0], attachType) { Names = names, IsReturn = (attr.kprobe_multi_flags & Return) != 0 };
        return 0;
    }

    private static int ReadUserFunctions(ref bpf_attr_link_create attr, BpfAttachType attachType, out AttachPoint? point, out Dictionary<string, ulong>? cookies)
    {
        const uint Return = 1;
        point = null;
        cookies = [];
        uint count = attr.uprobe_multi_cnt;
        if (count is 0 or > 1 << 20 || (attr.uprobe_multi_flags & ~Return) != 0)
            return -Errno.EINVAL;
        int error = UserMemory.ReadString(attr.uprobe_multi_path, 4096, out string path);
        if (error != 0)
            return error;
        if (!UserMemory.IsValid(attr.uprobe_multi_offsets) || (attr.uprobe_multi_cookies != 0 && !UserMemory.IsValid(attr.uprobe_multi_cookies)))
            return -Errno.EFAULT;
        var names = new string[count];
        for (uint i = 0; i < count; i++)
        {
            names[i] = UserPlace(path, ((ulong*)attr.uprobe_multi_offsets)[i]);
            if (attr.uprobe_multi_cookies != 0)
                cookies[names[i]] = ((ulong*)attr.uprobe_multi_cookies)[i];
        }

        point = new AttachPoint(AttachKind.UserFunction, names[0], attachType) { Names = names, IsReturn = (attr.uprobe_multi_flags & Return) != 0 };
        return 0;
    }

    /// <summary>How a place in a user program is named.</summary>
    public static string UserPlace(string path, ulong offset) => $"{path}+0x{offset:x}";
}
