using LibbpfSharp.Formats;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>Links.</content>
internal sealed unsafe partial class ProgramCommands
{
    /// <summary>Links by id.</summary>
    public IdTable<EmulatedLink> Links { get; } = new();

    /// <summary>Programs attached without links.</summary>
    public AttachmentTable Attachments { get; } = new(kernel);

    /// <summary>Tables of callbacks in use.</summary>
    public StructOpsTables StructOps { get; } = new();

    private int ExecuteLink(BpfCommand command, ref BpfAttr attr) => command switch
    {
        BpfCommand.LinkCreate => CreateLink(ref attr.link_create),
        BpfCommand.RawTracepointOpen => OpenRawTracepoint(ref attr.raw_tracepoint),
        BpfCommand.LinkUpdate => UpdateLink(ref attr.link_update),
        BpfCommand.LinkDetach => kernel.Find(attr.link_detach.link_fd, out EmulatedLink? link) is var error && error != 0 ? error : link!.Detach(),
        BpfCommand.LinkGetNextId => EmulatedKernel.GetNextId(Links, ref attr.get_id),
        BpfCommand.LinkGetFdById => Links.TryAcquire(attr.get_id.id, out EmulatedLink? found) ? kernel.OpenDescriptor(found) : -Errno.ENOENT,
        BpfCommand.ProgAttach => Attachments.Attach(ref attr.prog_attach),
        BpfCommand.ProgDetach => Attachments.Detach(ref attr.prog_attach),
        BpfCommand.ProgQuery => Attachments.Query(ref attr.query),
        BpfCommand.IterCreate => CreateIterator(in attr.iter_create),
        _ => -Errno.EINVAL,
    };

    private int CreateLink(ref bpf_attr_link_create attr)
    {
        var attachType = (BpfAttachType)attr.attach_type;
        if (KernelVersions.OfLink(attr.attach_type) is { } since && !kernel.IsAtLeast(since.Major, since.Minor))
            return -Errno.EINVAL;
        if (attachType == BpfAttachType.StructOps)
            return LinkStructOps(ref attr);
        int error = kernel.Find(attr.prog_fd, out EmulatedProgram? program);
        if (error != 0)
            return error;
        error = LinkTarget.Resolve(kernel, program!, ref attr, out BpfLinkType type, out AttachPoint? point, out ulong cookie, out Dictionary<string, ulong>? cookies);
        if (error != 0)
            return error;
        if (type == BpfLinkType.Xdp && Links.ToArray().Any(l => l.IsAttached && l.Type == type && l.Point.Number == point!.Number))
            return -Errno.EBUSY;
        var link = new EmulatedLink(kernel, type, program, point!)
        {
            Cookie = cookie,
            Cookies = cookies ?? [],
            Flags = type == BpfLinkType.Netfilter ? attr.netfilter_flags : attr.flags,
        };
        if (InterfacePrograms.Has(attachType) && (error = Attachments.Interfaces.Attach(link, in attr)) != 0)
        {
            link.Release();
            return error;
        }

        return Open(link);
    }

    private int LinkStructOps(ref bpf_attr_link_create attr)
    {
        int error = kernel.Find(attr.map_fd, out EmulatedMap? map);
        if (error != 0)
            return error;
        if (map is not StructOpsMap { IsReady: true } table)
            return -Errno.EINVAL;
        if ((error = StructOps.Register(table)) != 0)
            return error;
        map.Acquire();
        return Open(new EmulatedLink(kernel, BpfLinkType.StructOps, null, new AttachPoint(AttachKind.StructOps, map.Name, BpfAttachType.StructOps) { Object = map }));
    }

    private int OpenRawTracepoint(ref bpf_attr_raw_tracepoint attr)
    {
        int error = kernel.Find(attr.prog_fd, out EmulatedProgram? program);
        if (error != 0)
            return error;
        switch (program!.Type)
        {
            case BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Ext:
                if (attr.name != 0)
                    return -Errno.EINVAL;
                return Open(new EmulatedLink(kernel, BpfLinkType.Tracing, program, LinkTarget.OfTracing(program)) { Cookie = attr.cookie });
            case BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable:
                error = UserMemory.ReadString(attr.name, 128, out string name);
                if (error != 0)
                    return error;
                return Open(new EmulatedLink(kernel, BpfLinkType.RawTracepoint, program, new AttachPoint(AttachKind.RawTracepoint, name, BpfAttachType.TraceRawTp)) { Cookie = attr.cookie });
            default:
                return -Errno.EINVAL;
        }
    }

    private int UpdateLink(ref bpf_attr_link_update attr)
    {
        const uint Replace = 4;
        if ((attr.flags & ~Replace) != 0)
            return -Errno.EINVAL;
        int error = kernel.Find(attr.link_fd, out EmulatedLink? link);
        if (error != 0)
            return error;
        if (link!.Type == BpfLinkType.StructOps)
            return UpdateStructOps(link, in attr);
        if ((error = kernel.Find(attr.new_prog_fd, out EmulatedProgram? next)) != 0)
            return error;
        EmulatedProgram? old = null;
        if ((attr.flags & Replace) != 0)
        {
            if ((error = kernel.Find(attr.old_prog_fd, out old)) != 0)
                return error;
        }
        else if (attr.old_prog_fd != 0)
        {
            return -Errno.EINVAL;
        }

        return link!.Update(next!, old);
    }

    private int UpdateStructOps(EmulatedLink link, in bpf_attr_link_update attr)
    {
        int error = kernel.Find(attr.new_map_fd, out EmulatedMap? next);
        if (error != 0)
            return error;
        EmulatedMap? old = null;
        if (attr.flags == 0)
            error = attr.old_map_fd == 0 ? 0 : -Errno.EINVAL;
        else
            error = kernel.Find(attr.old_map_fd, out old);
        if (error != 0)
            return error;
        return next is StructOpsMap { IsReady: true } table ? link.Update(table, old) : -Errno.EINVAL;
    }

    private int CreateIterator(in bpf_attr_iter_create attr)
    {
        if (attr.flags != 0)
            return -Errno.EINVAL;
        int error = kernel.Find(attr.link_fd, out EmulatedLink? link);
        if (error != 0)
            return error;
        return link!.Type == BpfLinkType.Iter ? IteratorFile.Open(kernel, link) : -Errno.EINVAL;
    }

    private int Open(EmulatedLink link)
    {
        link.Id = Links.Add(link);
        return kernel.OpenDescriptor(link);
    }
}
