using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Attachments to interfaces and network namespaces.</summary>
internal static class NetworkAttach
{
    private const uint XdpIfNoExist = 1;
    private const uint XdpReplace = 16;

    /// <summary>tcx (6.6).</summary>
    public static BpfLink Tcx(BpfProgram program, int interfaceIndex, BpfTcDirection direction, BpfAnchor anchor, ulong expectedRevision)
    {
        AttachErrors.RequireType(program, "tcx", BpfProgramType.SchedCls);
        return Anchored(program, interfaceIndex, direction == BpfTcDirection.Egress ? BpfAttachType.TcxEgress : BpfAttachType.TcxIngress, anchor, expectedRevision, $"tcx {direction} of interface {interfaceIndex}");
    }

    /// <summary>tcx without a link: stays when the process ends, unless the result is disposed of.</summary>
    public static BpfLink TcxWithoutLink(BpfProgram program, int interfaceIndex, BpfTcDirection direction, BpfAnchor anchor, ulong expectedRevision)
    {
        AttachErrors.RequireType(program, "tcx", BpfProgramType.SchedCls);
        IBpfKernel kernel = program.Kernel;
        string target = $"tcx {direction} of interface {interfaceIndex}";
        BpfAttachType attachType = direction == BpfTcDirection.Egress ? BpfAttachType.TcxEgress : BpfAttachType.TcxIngress;
        (uint flags, uint relative) = anchor.Resolve(kernel);
        KernelHandle owned = program.Handle.Duplicate();
        BpfAttr attr = default;
        attr.prog_attach.target_ifindex = (uint)interfaceIndex;
        attr.prog_attach.attach_bpf_fd = (uint)owned.DangerousFd;
        attr.prog_attach.attach_type = (uint)attachType;
        attr.prog_attach.attach_flags = flags;
        attr.prog_attach.expected_revision = expectedRevision;
        if (anchor.IsReplacement)
            attr.prog_attach.replace_bpf_fd = relative;
        else
            attr.prog_attach.relative_fd = relative;
        int result = kernel.Bpf(BpfCommand.ProgAttach, ref attr, BpfAttr.ByteSize);
        if (result < 0)
        {
            owned.Dispose();
            throw AttachErrors.LinkRefused(program, result, attachType, target, AnchoredRemedy(program, (BpfErrno)(-result), isNetkit: false));
        }

        return BpfLink.FromAction(kernel, $"{program.Subject} on {target}", owned, () =>
        {
            BpfAttr detach = default;
            detach.prog_attach.target_ifindex = (uint)interfaceIndex;
            detach.prog_attach.attach_bpf_fd = (uint)owned.DangerousFd;
            detach.prog_attach.attach_type = (uint)attachType;
            int detached = kernel.Bpf(BpfCommand.ProgDetach, ref detach, BpfAttr.ByteSize);
            return Gone(detached) ? 0 : detached;
        });
    }

    /// <summary>netkit (6.7).</summary>
    public static BpfLink Netkit(BpfProgram program, int interfaceIndex, bool peer, BpfAnchor anchor, ulong expectedRevision)
    {
        AttachErrors.RequireType(program, "netkit", BpfProgramType.SchedCls);
        return Anchored(program, interfaceIndex, peer ? BpfAttachType.NetkitPeer : BpfAttachType.NetkitPrimary, anchor, expectedRevision, $"netkit {(peer ? "peer" : "primary")} of interface {interfaceIndex}");
    }

    /// <summary>A classifier on the clsact queueing discipline, which is added if the interface has none and stays.</summary>
    public static BpfLink Clsact(BpfProgram program, int interfaceIndex, BpfTcDirection direction, BpfTcOptions options)
    {
        AttachErrors.RequireType(program, "tc", BpfProgramType.SchedCls);
        IKernelNetwork network = program.Kernel.Network;
        string target = $"tc {direction} of interface {interfaceIndex}";
        int created = network.TcCreateHook(interfaceIndex, out string? why);
        if (created < 0 && created != -(int)BpfErrno.EEXIST)
            throw AttachErrors.Refused(program, created, target, Explain(created, why, "clsact cannot be added to the interface: modprobe sch_ingress, or a kernel with CONFIG_NET_SCH_INGRESS."));
        bool egress = direction == BpfTcDirection.Egress;
        var filter = new TcFilter(options.Handle, options.Priority, 0);
        int fd = program.Handle.Enter();
        int attached;
        try
        {
            attached = network.TcAttach(interfaceIndex, egress, fd, program.Name.Length > 0 ? program.Name : "bpf", options.Replace, ref filter, out why);
        }
        finally
        {
            program.Handle.Exit();
        }

        if (attached < 0)
        {
            throw AttachErrors.Refused(program, attached, target, Explain(attached, why, attached == -(int)BpfErrno.EEXIST
                ? $"A filter with handle {options.Handle} and priority {options.Priority} exists: set Replace, or leave handle and priority 0."
                : null));
        }

        return BpfLink.FromAction(program.Kernel, $"{program.Subject} on {target} (handle {filter.Handle}, priority {filter.Priority})", null, () =>
        {
            int result = network.TcDetach(interfaceIndex, egress, filter, out _);
            return Gone(result) ? 0 : result;
        });
    }

    /// <summary>XDP with a link (5.9).</summary>
    public static BpfLink Xdp(BpfProgram program, int interfaceIndex, BpfXdpMode mode)
    {
        AttachErrors.RequireType(program, "an interface as XDP", BpfProgramType.Xdp);
        BpfAttr attr = default;
        attr.link_create.target_ifindex = (uint)interfaceIndex;
        attr.link_create.attach_type = (uint)BpfAttachType.Xdp;
        attr.link_create.flags = (uint)mode;
        return program.CreateLink(ref attr, $"interface {interfaceIndex} as XDP ({mode})", errno => AttachErrors.Xdp(program.Kernel, errno, interfaceIndex));
    }

    /// <summary>XDP by netlink: stays when the process ends, unless the result is disposed of.</summary>
    public static BpfLink XdpWithoutLink(BpfProgram program, int interfaceIndex, BpfXdpMode mode, BpfProgram? replace)
    {
        AttachErrors.RequireType(program, "an interface as XDP", BpfProgramType.Xdp);
        replace?.Handle.RequireKernel(program.Kernel);
        IBpfKernel kernel = program.Kernel;
        KernelHandle owned = program.Handle.Duplicate();
        int result = kernel.Network.XdpAttach(
            interfaceIndex,
            owned.DangerousFd,
            replace?.Handle.DangerousFd ?? -1,
            (uint)mode | (replace is null ? XdpIfNoExist : XdpReplace),
            out string? why);
        if (result < 0)
        {
            owned.Dispose();
            throw AttachErrors.Refused(program, result, $"interface {interfaceIndex} as XDP ({mode})", Explain(result, why, AttachErrors.Xdp(kernel, (BpfErrno)(-result), interfaceIndex)));
        }

        // Detaching names the program, so that somebody else's that came after it stays.
        return BpfLink.FromAction(kernel, $"{program.Subject} on interface {interfaceIndex} as XDP ({mode})", owned, () =>
        {
            int detached = kernel.Network.XdpAttach(interfaceIndex, -1, owned.DangerousFd, (uint)mode | XdpReplace, out _);
            return Gone(detached) || detached == -(int)BpfErrno.EEXIST ? 0 : detached;
        });
    }

    /// <summary>A network namespace: socket lookup and flow dissection.</summary>
    public static BpfLink NetworkNamespace(BpfProgram program, string path, BpfAttachType attachType)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = $"network namespace '{path}'";
        string? Remedy(BpfErrno errno) => errno switch
        {
            BpfErrno.EEXIST or BpfErrno.E2BIG => "The namespace has a flow dissector already.",
            BpfErrno.ENOENT => $"There is no '{path}': ip netns list names those of /var/run/netns.",
            BpfErrno.EINVAL => $"'{path}' is no network namespace: use /proc/PID/ns/net or /var/run/netns/NAME.",
            _ => null,
        };
        return WithPath(program, path, target, Remedy, fd =>
        {
            BpfAttr attr = default;
            attr.link_create.target_fd = (uint)fd;
            attr.link_create.attach_type = (uint)attachType;
            return program.CreateLink(ref attr, target, Remedy);
        });
    }

    /// <summary>A netfilter hook (6.4).</summary>
    public static BpfLink Netfilter(BpfProgram program, BpfNetfilterFamily family, BpfNetfilterHook hook, int priority, bool defragment)
    {
        AttachErrors.RequireType(program, "netfilter", BpfProgramType.Netfilter);
        BpfAttr attr = default;
        attr.link_create.attach_type = (uint)BpfAttachType.Netfilter;
        attr.link_create.netfilter_pf = (uint)family;
        attr.link_create.netfilter_hooknum = (uint)hook;
        attr.link_create.netfilter_priority = priority;
        attr.link_create.netfilter_flags = defragment ? 1u : 0u;
        return program.CreateLink(ref attr, $"netfilter {family} {hook}, priority {priority}", errno => errno switch
        {
            BpfErrno.EBUSY => "The hook has a program of this priority already.",
            BpfErrno.ERANGE => "int.MinValue and int.MaxValue are taken by the kernel: choose another priority.",
            BpfErrno.EPROTO => "The hook has no place for programs.",
            BpfErrno.EAFNOSUPPORT => "The kernel was built without this family.",
            _ => null,
        });
    }

    /// <summary>Opens a path for the length of a call.</summary>
    public static BpfLink WithPath(BpfProgram program, string path, string target, Func<BpfErrno, string?> remedy, Func<int, BpfLink> attach)
    {
        IBpfKernel kernel = program.Kernel;
        int fd = kernel.OpenPath(path);
        if (fd < 0)
            throw AttachErrors.Refused(program, fd, target, remedy((BpfErrno)(-fd)));
        try
        {
            return attach(fd);
        }
        finally
        {
            kernel.Close(fd);
        }
    }

    private static BpfLink Anchored(BpfProgram program, int interfaceIndex, BpfAttachType attachType, BpfAnchor anchor, ulong expectedRevision, string target)
    {
        (uint flags, uint relative) = anchor.Resolve(program.Kernel);
        BpfAttr attr = default;
        attr.link_create.target_ifindex = (uint)interfaceIndex;
        attr.link_create.attach_type = (uint)attachType;
        attr.link_create.flags = flags;
        attr.link_create.relative_fd = relative;
        attr.link_create.expected_revision = expectedRevision;
        return program.CreateLink(ref attr, target, errno => AnchoredRemedy(program, errno, isNetkit: attachType is BpfAttachType.NetkitPeer or BpfAttachType.NetkitPrimary));
    }

    private static string? AnchoredRemedy(BpfProgram program, BpfErrno errno, bool isNetkit) => errno switch
    {
        BpfErrno.ENODEV => "There is no interface of this index in this network namespace.",
        BpfErrno.ENOENT => "The program or link to stand beside is not attached here.",
        BpfErrno.ESTALE => "The attachments changed since the revision that was expected: query again.",
        BpfErrno.EEXIST => "The program is attached here already.",
        BpfErrno.EBUSY => "The program to replace is attached by a link: update that link.",
        BpfErrno.ERANGE => "The anchors contradict each other, or there are 64 programs already.",
        BpfErrno.EINVAL or BpfErrno.EOPNOTSUPP => isNetkit
            ? "The interface must be a netkit device, and the kernel built with CONFIG_NETKIT."
            : $"The anchor is no tc program, or {program.Kernel.Name} was built without CONFIG_NET_XGRESS.",
        _ => null,
    };

    private static bool Gone(int result) => result is -(int)BpfErrno.ENODEV or -(int)BpfErrno.ENOENT or -(int)BpfErrno.EINVAL;

    private static string? Explain(int result, string? kernelText, string? remedy) =>
        kernelText is null ? remedy ?? (result == -(int)BpfErrno.ENODEV ? "There is no interface of this index in this network namespace." : null) : $"{kernelText.TrimEnd('.')}. {remedy}".TrimEnd();
}
