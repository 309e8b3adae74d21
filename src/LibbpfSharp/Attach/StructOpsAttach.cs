using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>Registers tables of callbacks: the map's one element is written, and linked where its flags say so.</summary>
internal static unsafe class StructOpsAttach
{
    public static BpfLink Attach(BpfMap map, byte[] value)
    {
        IBpfKernel kernel = map.Kernel;
        string description = $"struct_ops {map.Subject}";
        bool links = (map.Flags & BpfMapFlags.Link) != 0;
        Write(map, value, links, description);
        if (!links)
        {
            KernelHandle copy = map.Handle.Duplicate();
            return BpfLink.FromAction(kernel, description, copy, () => Delete(kernel, copy.DangerousFd));
        }

        BpfAttr create = default;
        create.link_create.map_fd = (uint)map.FileDescriptor;
        create.link_create.attach_type = (uint)BpfAttachType.StructOps;
        int fd = kernel.Bpf(BpfCommand.LinkCreate, ref create, (uint)sizeof(bpf_attr_link_create));
        return fd >= 0
            ? BpfLink.FromDescriptor(kernel, fd, description)
            : throw KernelErrors.Create(fd, kernel, "registering", description, Remedy((BpfErrno)(-fd)));
    }

    /// <summary>Another table in the place of the one that a link has registered.</summary>
    public static void Update(BpfLink link, BpfMap map, byte[] value, BpfMap? expected)
    {
        IBpfKernel kernel = map.Kernel;
        string description = $"struct_ops {map.Subject}";
        KernelHandle handle = link.KernelLink ?? throw new BpfException(BpfErrno.EOPNOTSUPP, $"replacing it by {description}", link.Description, "It is registered without a link: SEC(\".struct_ops.link\") makes one.");
        handle.RequireKernel(kernel);
        expected?.Handle.RequireKernel(kernel);
        Write(map, value, links: true, description);
        BpfAttr attr = default;
        attr.link_update.link_fd = (uint)handle.Enter();
        try
        {
            attr.link_update.new_map_fd = (uint)map.FileDescriptor;
            if (expected is not null)
            {
                attr.link_update.old_map_fd = (uint)expected.FileDescriptor;
                attr.link_update.flags = 1u << 2; // BPF_F_REPLACE
            }

            int result = kernel.Bpf(BpfCommand.LinkUpdate, ref attr, BpfAttr.ByteSize);
            if (result < 0)
            {
                KernelErrors.Throw(result, kernel, $"replacing it by {description}", link.Description, (BpfErrno)(-result) switch
                {
                    BpfErrno.EPERM when expected is not null => $"Another map than '{expected.Name}' is registered.",
                    BpfErrno.EINVAL => "The link must be that of a struct_ops map of the same type, and the kernel's subsystem must allow it (TCP: the same name).",
                    _ => null,
                });
            }
        }
        finally
        {
            handle.Exit();
            GC.KeepAlive(map);
            GC.KeepAlive(expected);
        }
    }

    private static void Write(BpfMap map, byte[] value, bool links, string description)
    {
        int zero = 0;
        fixed (byte* bytes = value)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map.FileDescriptor;
            attr.map_elem.key = (ulong)&zero;
            attr.map_elem.value = (ulong)bytes;
            int written = map.Kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, (uint)sizeof(bpf_attr_map_elem));

            // The table of a link can be registered again after it was detached: it has been written then.
            if (written < 0 && !(links && written == -(int)BpfErrno.EBUSY))
                KernelErrors.Throw(written, map.Kernel, "registering", description, Remedy((BpfErrno)(-written)));
        }
    }

    private static int Delete(IBpfKernel kernel, int fd)
    {
        int zero = 0;
        BpfAttr attr = default;
        attr.map_elem.map_fd = (uint)fd;
        attr.map_elem.key = (ulong)&zero;
        return kernel.Bpf(BpfCommand.MapDeleteElem, ref attr, (uint)sizeof(bpf_attr_map_elem));
    }

    private static string? Remedy(BpfErrno errno) => errno switch
    {
        BpfErrno.EEXIST => "A table of that name is registered already.",
        BpfErrno.EINVAL => "The kernel demands callbacks, or values of members, that the table does not have.",
        BpfErrno.EBUSY => "It is registered already.",
        _ => null,
    };
}
