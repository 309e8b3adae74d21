using LibbpfSharp.Formats;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>Programs attached by BPF_PROG_ATTACH: to interfaces, cgroups, network namespaces, socket maps.</summary>
internal sealed unsafe class AttachmentTable(EmulatedKernel kernel)
{
    private const uint AllowOverride = 1, AllowMulti = 2, Replace = 4;

    private readonly Lock _lock = new();
    private readonly List<(EmulatedObject Target, BpfAttachType Type, EmulatedProgram Program, uint Flags)> _entries = [];

    /// <summary>Those of interfaces.</summary>
    public InterfacePrograms Interfaces { get; } = new(kernel);

    /// <summary>Programs attached to a target, in the order in which they run.</summary>
    public EmulatedProgram[] Find(EmulatedObject target, BpfAttachType type)
    {
        lock (_lock)
            return [.. _entries.Where(e => ReferenceEquals(e.Target, target) && e.Type == type).Select(e => e.Program)];
    }

    /// <summary>Whether a program type attaches to cgroups by this attach type.</summary>
    public static bool IsCgroupType(BpfProgramType program, BpfAttachType attach) => program switch
    {
        BpfProgramType.CgroupSkb => attach is BpfAttachType.CgroupInetIngress or BpfAttachType.CgroupInetEgress,
        BpfProgramType.CgroupSock => attach is BpfAttachType.CgroupInetSockCreate or BpfAttachType.CgroupInetSockRelease or BpfAttachType.CgroupInet4PostBind or BpfAttachType.CgroupInet6PostBind,
        BpfProgramType.CgroupDevice => attach is BpfAttachType.CgroupDevice,
        BpfProgramType.CgroupSysctl => attach is BpfAttachType.CgroupSysctl,
        BpfProgramType.CgroupSockopt => attach is BpfAttachType.CgroupGetsockopt or BpfAttachType.CgroupSetsockopt,
        BpfProgramType.SockOps => attach is BpfAttachType.CgroupSockOps,
        BpfProgramType.CgroupSockAddr => attach is BpfAttachType.CgroupInet4Bind or BpfAttachType.CgroupInet6Bind or BpfAttachType.CgroupInet4Connect
            or BpfAttachType.CgroupInet6Connect or BpfAttachType.CgroupUdp4Sendmsg or BpfAttachType.CgroupUdp6Sendmsg or BpfAttachType.CgroupUdp4Recvmsg
            or BpfAttachType.CgroupUdp6Recvmsg or BpfAttachType.CgroupInet4Getpeername or BpfAttachType.CgroupInet6Getpeername
            or BpfAttachType.CgroupInet4Getsockname or BpfAttachType.CgroupInet6Getsockname or BpfAttachType.CgroupUnixConnect
            or BpfAttachType.CgroupUnixSendmsg or BpfAttachType.CgroupUnixRecvmsg or BpfAttachType.CgroupUnixGetpeername or BpfAttachType.CgroupUnixGetsockname,
        _ => false,
    };

    public int Attach(ref bpf_attr_prog_attach attr)
    {
        var type = (BpfAttachType)attr.attach_type;
        if (InterfacePrograms.Has(type))
            return HasLinks(type) ? Interfaces.Attach(in attr) : -Errno.EINVAL;
        if ((attr.attach_flags & ~(AllowOverride | AllowMulti | Replace)) != 0)
            return -Errno.EINVAL;
        int error = kernel.Find(attr.attach_bpf_fd, out EmulatedProgram? program);
        if (error != 0)
            return error;
        error = FindTarget(program!, attr.target_fd, type, out EmulatedObject? target);
        if (error != 0)
            return error;
        EmulatedProgram? replaced = null;
        if ((attr.attach_flags & Replace) != 0)
        {
            if ((attr.attach_flags & AllowMulti) == 0)
                return -Errno.EINVAL;
            error = kernel.Find(attr.replace_bpf_fd, out replaced);
            if (error != 0)
                return error;
        }

        lock (_lock)
        {
            int[] present = [.. Enumerable.Range(0, _entries.Count).Where(i => ReferenceEquals(_entries[i].Target, target) && _entries[i].Type == type)];
            uint mode = attr.attach_flags & (AllowOverride | AllowMulti);
            if (present.Length > 0 && target is EmulatedCgroup && (_entries[present[0]].Flags & (AllowOverride | AllowMulti)) != mode)
                return -Errno.EPERM;
            bool multiple = (mode & AllowMulti) != 0;
            if (multiple && replaced is null && present.Any(i => ReferenceEquals(_entries[i].Program, program)))
                return -Errno.EINVAL;
            int old = replaced is not null ? Array.Find(present, i => ReferenceEquals(_entries[i].Program, replaced)) : multiple || present.Length == 0 ? -1 : present[0];
            if (replaced is not null && !present.Any(i => ReferenceEquals(_entries[i].Program, replaced)))
                return -Errno.ENOENT;
            program!.Acquire();
            target!.Acquire();
            if (old >= 0 && (replaced is not null || present.Length > 0))
            {
                var previous = _entries[old];
                _entries[old] = (target, type, program, mode);
                previous.Program.Release();
                previous.Target.Release();
            }
            else
            {
                _entries.Add((target, type, program, mode));
            }
        }

        return 0;
    }

    public int Detach(ref bpf_attr_prog_attach attr)
    {
        var type = (BpfAttachType)attr.attach_type;
        if (InterfacePrograms.Has(type))
            return HasLinks(type) ? Interfaces.Detach(in attr) : -Errno.EINVAL;
        if (kernel.FindFile((int)attr.target_fd) is not { } file)
            return -Errno.EBADF;
        EmulatedProgram? program = null;
        if (attr.attach_bpf_fd != 0)
        {
            int error = kernel.Find(attr.attach_bpf_fd, out program);
            if (error != 0)
                return error;
        }

        lock (_lock)
        {
            int at = _entries.FindIndex(e => ReferenceEquals(e.Target, file.Object) && e.Type == type && (program is null || ReferenceEquals(e.Program, program)));
            if (at < 0)
                return -Errno.ENOENT;
            if (program is null && (_entries[at].Flags & AllowMulti) != 0)
                return -Errno.EINVAL;
            var entry = _entries[at];
            _entries.RemoveAt(at);
            entry.Program.Release();
            entry.Target.Release();
        }

        return 0;
    }

    public int Query(ref bpf_attr_query attr)
    {
        var type = (BpfAttachType)attr.attach_type;
        uint[] ids;
        uint[] linkIds;
        uint flags = 0;
        if (InterfacePrograms.Has(type))
        {
            uint index = attr.target_ifindex;
            if (kernel.Machine.FindInterface((int)index) is null)
                return -Errno.ENODEV;
            InterfacePrograms.Entry[] entries = Interfaces.Find(index, type, out ulong revision);
            attr.revision = revision;
            ids = [.. entries.Select(e => e.Program.Id)];
            linkIds = [.. entries.Select(e => e.Link?.Id ?? 0)];
        }
        else
        {
            if (kernel.FindFile((int)attr.target_fd) is not { } file)
                return -Errno.EBADF;
            EmulatedObject target = file.Object;
            EmulatedLink[] links = [.. kernel.Programs.Links.ToArray().Where(l => l.IsAttached && ReferenceEquals(l.Point.Object, target) && l.Point.AttachType == type)];
            lock (_lock)
            {
                var direct = _entries.Where(e => ReferenceEquals(e.Target, target) && e.Type == type).ToArray();
                flags = direct.Length > 0 ? direct[0].Flags : links.Length > 0 ? AllowMulti : 0;
                ids = [.. direct.Select(e => e.Program.Id), .. links.Select(l => l.Program!.Id)];
                linkIds = [.. direct.Select(_ => 0u), .. links.Select(l => l.Id)];
            }
        }

        uint room = attr.count;
        attr.count = (uint)ids.Length;
        attr.attach_flags = flags;
        if (room == 0 || ids.Length == 0)
            return 0;
        int copied = (int)Math.Min(room, (uint)ids.Length);
        if (attr.prog_ids != 0)
        {
            if (!UserMemory.IsValid(attr.prog_ids))
                return -Errno.EFAULT;
            ids.AsSpan(0, copied).CopyTo(new Span<uint>((void*)attr.prog_ids, copied));
        }

        if (attr.link_ids != 0 && UserMemory.IsValid(attr.link_ids))
            linkIds.AsSpan(0, copied).CopyTo(new Span<uint>((void*)attr.link_ids, copied));
        return copied < ids.Length ? -Errno.ENOSPC : 0;
    }

    private bool HasLinks(BpfAttachType type) => KernelVersions.OfLink((uint)type) is not { } since || kernel.IsAtLeast(since.Major, since.Minor);

    private int FindTarget(EmulatedProgram program, uint fd, BpfAttachType type, out EmulatedObject? target)
    {
        target = kernel.FindFile((int)fd)?.Object;
        if (target is null)
            return -Errno.EBADF;
        bool fits = target switch
        {
            EmulatedCgroup => IsCgroupType(program.Type, type),
            EmulatedNetworkNamespace => program.Type is BpfProgramType.FlowDissector or BpfProgramType.SkLookup,
            EmulatedMap map => map.Type is BpfMapType.SockMap or BpfMapType.SockHash && program.Type is BpfProgramType.SkSkb or BpfProgramType.SkMsg,
            _ => false,
        };
        bool typeFits = program.Type is BpfProgramType.CgroupSkb or BpfProgramType.SkSkb || program.ExpectedAttachType == type || program.ExpectedAttachType == 0;
        return fits && typeFits ? 0 : -Errno.EINVAL;
    }
}
