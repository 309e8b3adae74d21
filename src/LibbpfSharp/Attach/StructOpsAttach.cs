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
        int zero = 0;
        fixed (byte* bytes = value)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map.FileDescriptor;
            attr.map_elem.key = (ulong)&zero;
            attr.map_elem.value = (ulong)bytes;
            int written = kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, (uint)sizeof(bpf_attr_map_elem));

            // The table of a link can be registered again after it was detached: it has been written then.
            if (written < 0 && !(links && written == -(int)BpfErrno.EBUSY))
                KernelErrors.Throw(written, kernel, "registering", description, Remedy((BpfErrno)(-written)));
        }

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
