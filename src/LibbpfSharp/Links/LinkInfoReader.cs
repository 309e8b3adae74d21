using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Reads BPF_OBJ_GET_INFO_BY_FD of a link: once for its kind and lengths, again for what is of variable length.</summary>
internal static unsafe class LinkInfoReader
{
    private const uint MultiReturn = 1;

    // Paths of user probes are the longest names (PATH_MAX).
    private const int NameRoom = 4096;

    public static BpfLinkInfo Read(IBpfKernel kernel, KernelHandle handle, string subject)
    {
        int fd = handle.Enter();
        try
        {
            bpf_link_info info = default;
            Query(kernel, fd, ref info, subject);
            uint id = info.id;
            uint program = info.prog_id;
            return (BpfLinkType)info.type switch
            {
                BpfLinkType.RawTracepoint => RawTracepoint(kernel, fd, subject),
                BpfLinkType.Tracing => new BpfTracingLinkInfo(id, program, (BpfAttachType)info.tracing_attach_type, info.tracing_target_obj_id, info.tracing_target_btf_id, info.tracing_cookie),
                BpfLinkType.Cgroup => new BpfCgroupLinkInfo(id, program, info.cgroup_cgroup_id, (BpfAttachType)info.cgroup_attach_type),
                BpfLinkType.Iter => Iterator(kernel, fd, subject),
                BpfLinkType.NetNs => new BpfNetworkNamespaceLinkInfo(id, program, info.netns_ino, (BpfAttachType)info.netns_attach_type),
                BpfLinkType.Xdp => new BpfXdpLinkInfo(id, program, (int)info.xdp_ifindex),
                BpfLinkType.PerfEvent => PerfEvent(kernel, fd, in info, subject),
                BpfLinkType.KprobeMulti => KprobeMulti(kernel, fd, in info, subject),
                BpfLinkType.StructOps => new BpfStructOpsLinkInfo(id, program, info.struct_ops_map_id),
                BpfLinkType.Netfilter => new BpfNetfilterLinkInfo(id, program, (BpfNetfilterFamily)info.netfilter_pf, (BpfNetfilterHook)info.netfilter_hooknum, info.netfilter_priority, info.netfilter_flags),
                BpfLinkType.Tcx => new BpfTcxLinkInfo(id, program, (int)info.tcx_ifindex, (BpfAttachType)info.tcx_attach_type),
                BpfLinkType.UprobeMulti => UprobeMulti(kernel, fd, in info, subject),
                BpfLinkType.Netkit => new BpfNetkitLinkInfo(id, program, (int)info.netkit_ifindex, (BpfAttachType)info.netkit_attach_type),
                BpfLinkType.SockMap => new BpfSocketMapLinkInfo(id, program, info.sockmap_map_id, (BpfAttachType)info.sockmap_attach_type),
                var other => new BpfLinkInfo(other, id, program),
            };
        }
        finally
        {
            handle.Exit();
        }
    }

    private static void Query(IBpfKernel kernel, int fd, ref bpf_link_info info, string subject)
    {
        fixed (bpf_link_info* pointer = &info)
        {
            BpfAttr attr = default;
            attr.info.bpf_fd = (uint)fd;
            attr.info.info_len = (uint)sizeof(bpf_link_info);
            attr.info.info = (ulong)pointer;
            KernelErrors.Check(kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, BpfAttr.ByteSize), kernel, "BPF_OBJ_GET_INFO_BY_FD", subject);
        }
    }

    // The link's information with a text of variable length, whose place "field" sets.
    private static string QueryText(IBpfKernel kernel, int fd, string subject, TextField field, out bpf_link_info info)
    {
        byte* text = stackalloc byte[NameRoom];
        info = default;
        field(ref info, (ulong)text, NameRoom);
        Query(kernel, fd, ref info, subject);
        return Text(new ReadOnlySpan<byte>(text, NameRoom));
    }

    private static BpfRawTracepointLinkInfo RawTracepoint(IBpfKernel kernel, int fd, string subject)
    {
        string name = QueryText(kernel, fd, subject, static (ref bpf_link_info i, ulong text, uint length) => (i.raw_tracepoint_tp_name, i.raw_tracepoint_tp_name_len) = (text, length), out bpf_link_info info);
        return new(info.id, info.prog_id, name, info.raw_tracepoint_cookie);
    }

    private static BpfIteratorLinkInfo Iterator(IBpfKernel kernel, int fd, string subject)
    {
        string target = QueryText(kernel, fd, subject, static (ref bpf_link_info i, ulong text, uint length) => (i.iter_target_name, i.iter_target_name_len) = (text, length), out bpf_link_info info);
        bool ofCgroup = target == "cgroup";
        bool ofTask = target.StartsWith("task", StringComparison.Ordinal);
        return new(
            info.id,
            info.prog_id,
            target,
            info.iter_map_id,
            ofCgroup ? info.iter_cgroup_id : 0,
            ofCgroup ? (BpfCgroupOrder)info.iter_cgroup_order : 0,
            ofTask ? info.iter_task_tid : 0,
            ofTask ? info.iter_task_pid : 0);
    }

    private static BpfPerfEventLinkInfo PerfEvent(IBpfKernel kernel, int fd, in bpf_link_info first, string subject)
    {
        var kind = (BpfPerfEventLinkKind)first.perf_event_type;
        if (kind is BpfPerfEventLinkKind.Unspec)
            return new(first.id, first.prog_id, kind, "", 0, 0, 0, 0, 0, 0, 0);
        if (kind == BpfPerfEventLinkKind.Event)
            return new(first.id, first.prog_id, kind, "", 0, 0, 0, first.perf_event_event_cookie, first.perf_event_event_type, first.perf_event_event_config, 0);
        string name = QueryText(kernel, fd, subject, static (ref bpf_link_info i, ulong text, uint length) => (i.perf_event_name, i.perf_event_name_len) = (text, length), out bpf_link_info info);
        return kind switch
        {
            BpfPerfEventLinkKind.Uprobe or BpfPerfEventLinkKind.Uretprobe => new(info.id, info.prog_id, kind, name, info.perf_event_offset, 0, 0, info.perf_event_uprobe_cookie, 0, 0, info.perf_event_uprobe_ref_ctr_offset),
            BpfPerfEventLinkKind.Kprobe or BpfPerfEventLinkKind.Kretprobe => new(info.id, info.prog_id, kind, name, info.perf_event_offset, info.perf_event_kprobe_addr, info.perf_event_kprobe_missed, info.perf_event_kprobe_cookie, 0, 0, 0),
            _ => new(info.id, info.prog_id, kind, name, 0, 0, 0, info.perf_event_tracepoint_cookie, 0, 0, 0),
        };
    }

    private static BpfKprobeMultiLinkInfo KprobeMulti(IBpfKernel kernel, int fd, in bpf_link_info first, string subject)
    {
        ulong[] addresses = new ulong[first.kprobe_multi_count];
        ulong[] cookies = new ulong[first.kprobe_multi_count];
        bpf_link_info info = default;
        if (addresses.Length > 0)
        {
            fixed (ulong* address = addresses, cookie = cookies)
            {
                info.kprobe_multi_addrs = (ulong)address;
                info.kprobe_multi_cookies = (ulong)cookie;
                info.kprobe_multi_count = first.kprobe_multi_count;
                Query(kernel, fd, ref info, subject);
            }
        }

        return new(first.id, first.prog_id, (first.kprobe_multi_flags & MultiReturn) != 0, first.kprobe_multi_missed, addresses, cookies.AsSpan().ContainsAnyExcept(0UL) ? cookies : []);
    }

    private static BpfUprobeMultiLinkInfo UprobeMulti(IBpfKernel kernel, int fd, in bpf_link_info first, string subject)
    {
        uint count = first.uprobe_multi_count;
        if (count == 0)
            return new(first.id, first.prog_id, "", false, 0, [], [], []);
        byte[] path = new byte[NameRoom];
        ulong[] offsets = new ulong[count];
        ulong[] counters = new ulong[count];
        ulong[] cookies = new ulong[count];
        fixed (byte* pathPointer = path)
        fixed (ulong* offset = offsets, counter = counters, cookie = cookies)
        {
            bpf_link_info info = default;
            info.uprobe_multi_path = (ulong)pathPointer;
            info.uprobe_multi_path_size = NameRoom;
            info.uprobe_multi_offsets = (ulong)offset;
            info.uprobe_multi_ref_ctr_offsets = (ulong)counter;
            info.uprobe_multi_cookies = (ulong)cookie;
            info.uprobe_multi_count = count;
            Query(kernel, fd, ref info, subject);
            return new(info.id, info.prog_id, Text(path), (info.uprobe_multi_flags & MultiReturn) != 0, (int)info.uprobe_multi_pid, offsets, counters, cookies);
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private delegate void TextField(ref bpf_link_info info, ulong text, uint length);
}
