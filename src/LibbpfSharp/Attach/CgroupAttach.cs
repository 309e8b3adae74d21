using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Attachments to cgroups (cgroup2) and to socket maps.</summary>
internal static class CgroupAttach
{
    private const uint AllowOverride = 1;
    private const uint AllowMulti = 2;

    /// <summary>With a link (5.7): several programs can be attached, Dispose detaches.</summary>
    public static BpfLink Link(BpfProgram program, string path, BpfAttachType attachType, BpfAnchor anchor, ulong expectedRevision)
    {
        RequireCgroupType(program);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = $"cgroup '{path}' as {attachType}";
        return NetworkAttach.WithPath(program, path, target, errno => Remedy(program, errno, path, false), fd =>
        {
            (uint flags, uint relative) = anchor.Resolve(program.Kernel);
            BpfAttr attr = default;
            attr.link_create.target_fd = (uint)fd;
            attr.link_create.attach_type = (uint)attachType;
            attr.link_create.flags = flags;
            attr.link_create.relative_fd = relative;
            attr.link_create.expected_revision = expectedRevision;
            return program.CreateLink(ref attr, target, errno => Remedy(program, errno, path, flags != 0));
        });
    }

    /// <summary>Without a link (BPF_PROG_ATTACH): stays until it is detached, also when the process ends.</summary>
    public static BpfLink Legacy(BpfProgram program, string path, BpfAttachType attachType, BpfCgroupAttachMode mode, BpfProgram? replace)
    {
        RequireCgroupType(program);
        ArgumentException.ThrowIfNullOrEmpty(path);
        replace?.Handle.RequireKernel(program.Kernel);
        IBpfKernel kernel = program.Kernel;
        string target = $"cgroup '{path}' as {attachType}";
        int cgroup = kernel.OpenPath(path);
        if (cgroup < 0)
            throw AttachErrors.Refused(program, cgroup, target, Remedy(program, (BpfErrno)(-cgroup), path, false));
        var held = new KernelHandle(kernel, cgroup, target);
        KernelHandle owned = program.Handle.Duplicate();
        BpfAttr attr = default;
        attr.prog_attach.target_fd = (uint)cgroup;
        attr.prog_attach.attach_bpf_fd = (uint)owned.DangerousFd;
        attr.prog_attach.attach_type = (uint)attachType;
        attr.prog_attach.attach_flags = mode switch
        {
            BpfCgroupAttachMode.Multiple => AllowMulti,
            BpfCgroupAttachMode.Overridable => AllowOverride,
            _ => 0,
        };
        if (replace is not null)
        {
            attr.prog_attach.attach_flags |= 4; // BPF_F_REPLACE
            attr.prog_attach.replace_bpf_fd = (uint)replace.Handle.DangerousFd;
        }

        int result = kernel.Bpf(BpfCommand.ProgAttach, ref attr, BpfAttr.ByteSize);
        if (result < 0)
        {
            held.Dispose();
            owned.Dispose();
            throw AttachErrors.Refused(program, result, target, Remedy(program, (BpfErrno)(-result), path, false));
        }

        return BpfLink.FromAction(kernel, $"{program.Subject} on {target}", owned, () => Detach(kernel, held, owned, attachType));
    }

    /// <summary>Programs on a socket map: with a link if wanted and where the kernel has them (6.10), else by BPF_PROG_ATTACH.</summary>
    public static BpfLink SocketMap(BpfProgram program, KernelHandle map, string mapName, BpfAttachType attachType, bool withLink)
    {
        AttachErrors.RequireType(program, "a socket map", BpfProgramType.SkMsg, BpfProgramType.SkSkb);
        map.RequireKernel(program.Kernel);
        IBpfKernel kernel = program.Kernel;
        string target = $"map '{mapName}' as {attachType}";
        KernelHandle held = map.Duplicate();
        try
        {
            if (withLink && TryLinkSocketMap(program, held, target, attachType) is { } made)
            {
                held.Dispose();
                return made;
            }

            KernelHandle owned = program.Handle.Duplicate();
            BpfAttr attr = default;
            attr.prog_attach.target_fd = (uint)held.DangerousFd;
            attr.prog_attach.attach_bpf_fd = (uint)owned.DangerousFd;
            attr.prog_attach.attach_type = (uint)attachType;
            int result = kernel.Bpf(BpfCommand.ProgAttach, ref attr, BpfAttr.ByteSize);
            if (result < 0)
            {
                owned.Dispose();
                throw AttachErrors.Refused(program, result, target, SocketMapRemedy((BpfErrno)(-result)));
            }

            return BpfLink.FromAction(kernel, $"{program.Subject} on {target}", owned, () => Detach(kernel, held, owned, attachType));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The link, or null where the kernel has none of this kind.</summary>
    private static BpfLink? TryLinkSocketMap(BpfProgram program, KernelHandle map, string target, BpfAttachType attachType)
    {
        BpfAttr attr = default;
        attr.link_create.target_fd = (uint)map.DangerousFd;
        attr.link_create.attach_type = (uint)attachType;
        attr.link_create.prog_fd = (uint)program.Handle.Enter();
        int fd;
        try
        {
            fd = program.Kernel.Bpf(BpfCommand.LinkCreate, ref attr, 64);
        }
        finally
        {
            program.Handle.Exit();
        }

        // Links of socket maps came with 6.10; an older kernel answers EINVAL.
        return fd >= 0 ? BpfLink.FromDescriptor(program.Kernel, fd, $"{program.Subject} on {target}")
            : fd == -(int)BpfErrno.EINVAL ? null
            : throw AttachErrors.Refused(program, fd, target, SocketMapRemedy((BpfErrno)(-fd)));
    }

    private static int Detach(IBpfKernel kernel, KernelHandle target, KernelHandle program, BpfAttachType attachType)
    {
        BpfAttr attr = default;
        attr.prog_attach.target_fd = (uint)target.DangerousFd;
        attr.prog_attach.attach_bpf_fd = (uint)program.DangerousFd;
        attr.prog_attach.attach_type = (uint)attachType;
        int result = kernel.Bpf(BpfCommand.ProgDetach, ref attr, BpfAttr.ByteSize);
        target.Dispose();
        return result == -(int)BpfErrno.ENOENT ? 0 : result;
    }

    private static void RequireCgroupType(BpfProgram program) => AttachErrors.RequireType(
        program,
        "a cgroup",
        BpfProgramType.CgroupSkb,
        BpfProgramType.CgroupSock,
        BpfProgramType.CgroupSockAddr,
        BpfProgramType.CgroupSockopt,
        BpfProgramType.CgroupSysctl,
        BpfProgramType.CgroupDevice,
        BpfProgramType.SockOps,
        BpfProgramType.Lsm);

    private static string? SocketMapRemedy(BpfErrno errno) => errno switch
    {
        BpfErrno.EBUSY => "The map has a program of this kind already: detach it first.",
        BpfErrno.EOPNOTSUPP => "The map must be a SOCKMAP or SOCKHASH, and a parser needs a verdict program.",
        BpfErrno.EINVAL => "The map must be a SOCKMAP or SOCKHASH.",
        _ => null,
    };

    private static string? Remedy(BpfProgram program, BpfErrno errno, string path, bool anchored) => errno switch
    {
        BpfErrno.ENOENT => $"There is no cgroup '{path}'. cgroup2 is mounted at {program.Kernel.Facts.FindMount("cgroup2") ?? "no place: mount -t cgroup2 none /sys/fs/cgroup"}.",
        BpfErrno.EBADF => $"'{path}' is no cgroup of version 2. cgroup2 is mounted at {program.Kernel.Facts.FindMount("cgroup2") ?? "no place: mount -t cgroup2 none /sys/fs/cgroup"}.",
        BpfErrno.EPERM when program.Kernel.Facts.EffectiveCapabilities is null or not 0 => "A program that is attached to this cgroup or to one above it allows no others: it was attached exclusively.",
        BpfErrno.EINVAL when anchored && program.Kernel.Facts.Release < new Version(6, 17) => "Ordering among a cgroup's programs needs Linux 6.17 or newer.",
        BpfErrno.EINVAL when anchored => "The anchor is not attached to this cgroup as this type, or the program was loaded for another attach type.",
        BpfErrno.ESTALE => "The attachments changed since the revision that was expected: query again.",
        BpfErrno.EEXIST => "The program is attached here already.",
        BpfErrno.EINVAL => "The program was loaded for another attach type of cgroups.",
        _ => null,
    };
}
