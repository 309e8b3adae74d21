using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// Asks a kernel whether it can attach in some way: by attaching to nothing. A kernel that knows the way complains of
/// the target (EBADF, ENODEV, EFAULT), one that does not of the way (EINVAL, EOPNOTSUPP).
/// </summary>
internal static unsafe class AttachProbes
{
    private const uint NoDescriptor = uint.MaxValue;
    private const uint NoInterface = int.MaxValue;
    private const ulong NoAddress = 1;

    /// <summary>0 if the kernel has an attach type, else -errno.</summary>
    public static int TryAttachType(IBpfKernel kernel, BpfAttachType type)
    {
        switch (type)
        {
            case BpfAttachType.TraceRawTp or BpfAttachType.TraceFentry or BpfAttachType.TraceFexit or BpfAttachType.ModifyReturn or BpfAttachType.TraceIter or BpfAttachType.LsmMac:
                return TryLoadWithTarget(kernel, type);
            case BpfAttachType.TcxIngress or BpfAttachType.TcxEgress or BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer:
            {
                BpfAttr attr = default;
                attr.query.target_ifindex = NoInterface;
                attr.query.attach_type = (uint)type;
                return Known(kernel.Bpf(BpfCommand.ProgQuery, ref attr, BpfAttr.ByteSize), BpfErrno.ENODEV);
            }

            case BpfAttachType.Xdp:
                return TryLink(kernel, BpfLinkType.Xdp);
            case BpfAttachType.XdpDevmap:
                return TryProgramsInMap(kernel, BpfMapType.DevMap);
            case BpfAttachType.XdpCpumap:
                return TryProgramsInMap(kernel, BpfMapType.CpuMap);
            case BpfAttachType.PerfEvent:
                return TryLink(kernel, BpfLinkType.PerfEvent);
            case BpfAttachType.TraceKprobeMulti or BpfAttachType.TraceKprobeSession:
                return TryKprobeMulti(kernel, type);
            case BpfAttachType.TraceUprobeMulti or BpfAttachType.TraceUprobeSession:
                return TryUprobeMulti(kernel, type);
            case BpfAttachType.StructOps:
                return TryStructOpsLink(kernel);
            case BpfAttachType.Netfilter:
                return TryLink(kernel, BpfLinkType.Netfilter);
            case BpfAttachType.SkReuseportSelect:
                return Close(kernel, KernelProbes.LoadProgram(kernel, BpfProgramType.SkReusePort, type));
            case BpfAttachType.SkReuseportSelectOrMigrate:
            {
                // Before 5.14 any attach type would do.
                int any = Close(kernel, KernelProbes.LoadProgram(kernel, BpfProgramType.SkReusePort, BpfAttachType.CgroupDevice));
                int own = Close(kernel, KernelProbes.LoadProgram(kernel, BpfProgramType.SkReusePort, type));
                return own == 0 && any == 0 && !kernel.IsEmulated ? -(int)BpfErrno.EINVAL : own;
            }

            default:
            {
                BpfAttr attr = default;
                attr.query.target_fd = NoDescriptor;
                attr.query.attach_type = (uint)type;
                return Known(kernel.Bpf(BpfCommand.ProgQuery, ref attr, BpfAttr.ByteSize), BpfErrno.EBADF);
            }
        }
    }

    /// <summary>0 if the kernel has a kind of link, else -errno.</summary>
    public static int TryLink(IBpfKernel kernel, BpfLinkType type)
    {
        switch (type)
        {
            case BpfLinkType.RawTracepoint:
                return TryRawTracepoint(kernel);
            case BpfLinkType.Tracing:
                int byTracepoint = TryLoadWithTarget(kernel, BpfAttachType.TraceRawTp);
                return byTracepoint == 0 ? 0 : TryLoadWithTarget(kernel, BpfAttachType.TraceFentry);
            case BpfLinkType.Iter:
                return TryLoadWithTarget(kernel, BpfAttachType.TraceIter);
            case BpfLinkType.StructOps:
                return TryStructOpsLink(kernel);
            case BpfLinkType.KprobeMulti:
                return TryKprobeMulti(kernel, BpfAttachType.TraceKprobeMulti);
            case BpfLinkType.UprobeMulti:
                return TryUprobeMulti(kernel, BpfAttachType.TraceUprobeMulti);
            default:
                break;
        }

        (BpfProgramType program, BpfAttachType attach, BpfErrno known) = type switch
        {
            BpfLinkType.Cgroup => (BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress, BpfErrno.EBADF),
            BpfLinkType.NetNs => (BpfProgramType.FlowDissector, BpfAttachType.FlowDissector, BpfErrno.EBADF),
            BpfLinkType.Xdp => (BpfProgramType.Xdp, BpfAttachType.Xdp, BpfErrno.ENODEV),
            BpfLinkType.PerfEvent => (BpfProgramType.PerfEvent, BpfAttachType.PerfEvent, BpfErrno.EBADF),
            BpfLinkType.Netfilter => (BpfProgramType.Netfilter, BpfAttachType.Netfilter, BpfErrno.EAFNOSUPPORT),
            BpfLinkType.Tcx => (BpfProgramType.SchedCls, BpfAttachType.TcxIngress, BpfErrno.ENODEV),
            BpfLinkType.Netkit => (BpfProgramType.SchedCls, BpfAttachType.NetkitPrimary, BpfErrno.ENODEV),
            BpfLinkType.SockMap => (BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict, BpfErrno.EBADF),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such kind of link is known."),
        };
        BpfAttr attr = default;
        attr.link_create.target_fd = type is BpfLinkType.Xdp or BpfLinkType.Tcx or BpfLinkType.Netkit ? NoInterface : NoDescriptor;
        if (type == BpfLinkType.Netfilter)
        {
            attr.link_create.target_fd = 0;
            attr.link_create.netfilter_pf = byte.MaxValue;
        }

        int result = TryCreate(kernel, program, attach, ref attr, known);

        // XDP answers EINVAL to an interface that does not exist, as to what it does not know: its BTF has to tell.
        return type == BpfLinkType.Xdp && result == -(int)BpfErrno.EINVAL && ProbeTargets.HasEnumerator(kernel, "bpf_link_type", "BPF_LINK_TYPE_XDP") ? 0 : result;
    }

    private static int TryKprobeMulti(IBpfKernel kernel, BpfAttachType attach)
    {
        BpfAttr attr = default;
        attr.link_create.kprobe_multi_cnt = 1;
        attr.link_create.kprobe_multi_syms = NoAddress;
        return TryCreate(kernel, BpfProgramType.Kprobe, attach, ref attr, BpfErrno.EFAULT);
    }

    private static int TryUprobeMulti(IBpfKernel kernel, BpfAttachType attach)
    {
        byte* root = stackalloc byte[2] { (byte)'/', 0 };
        BpfAttr attr = default;
        attr.link_create.uprobe_multi_path = (ulong)root;
        attr.link_create.uprobe_multi_offsets = NoAddress;
        attr.link_create.uprobe_multi_cnt = 1;
        int result = TryCreate(kernel, BpfProgramType.Kprobe, attach, ref attr, BpfErrno.EBADF);
        return Known(result, BpfErrno.EFAULT);
    }

    private static int TryCreate(IBpfKernel kernel, BpfProgramType program, BpfAttachType attach, ref BpfAttr attr, BpfErrno known)
    {
        int fd = KernelProbes.LoadProgram(kernel, program, attach);
        if (fd < 0)
            return fd;
        attr.link_create.prog_fd = (uint)fd;
        attr.link_create.attach_type = (uint)attach;
        int result = kernel.Bpf(BpfCommand.LinkCreate, ref attr, (uint)sizeof(bpf_attr_link_create));
        kernel.Close(fd);
        return Close(kernel, Known(result, known));
    }

    private static int TryRawTracepoint(IBpfKernel kernel)
    {
        byte* name = stackalloc byte[2] { (byte)'?', 0 };
        int fd = KernelProbes.LoadProgram(kernel, BpfProgramType.RawTracepoint, 0);
        if (fd < 0)
            return fd;
        BpfAttr attr = default;
        attr.raw_tracepoint.name = (ulong)name;
        attr.raw_tracepoint.prog_fd = (uint)fd;
        int result = kernel.Bpf(BpfCommand.RawTracepointOpen, ref attr, (uint)sizeof(bpf_attr_raw_tracepoint));
        kernel.Close(fd);
        return Close(kernel, Known(result, BpfErrno.ENOENT));
    }

    private static int TryStructOpsLink(IBpfKernel kernel)
    {
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)BpfMapType.StructOps;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = 4;
        attr.map_create.max_entries = 1;
        attr.map_create.map_flags = (uint)BpfMapFlags.Link;
        attr.map_create.btf_vmlinux_value_type_id = 1;
        return Close(kernel, Known(kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize), BpfErrno.ENOTSUPP));
    }

    // A program beside the interface or queue of each element makes the value 8 bytes.
    private static int TryProgramsInMap(IBpfKernel kernel, BpfMapType type)
    {
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)type;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = 8;
        attr.map_create.max_entries = 1;
        return Close(kernel, kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize));
    }

    private static int TryLoadWithTarget(IBpfKernel kernel, BpfAttachType attach)
    {
        if (!ProbeTargets.TryFind(kernel, attach, out uint id))
            return -(int)BpfErrno.ESRCH;
        BpfProgramType type = attach == BpfAttachType.LsmMac ? BpfProgramType.Lsm : BpfProgramType.Tracing;
        return Close(kernel, KernelProbes.LoadProgram(kernel, type, attach, id));
    }

    private static int Known(int result, BpfErrno known) => result == -(int)known ? 0 : result;

    private static int Close(IBpfKernel kernel, int fd)
    {
        if (fd > 0)
            kernel.Close(fd);
        return Math.Min(fd, 0);
    }
}
