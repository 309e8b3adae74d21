namespace LibbpfSharp.Interop;

/// <summary>What a kernel numbers and what descriptors of bpf(2) stand for: maps, programs, links, BTF.</summary>
internal sealed unsafe class KernelObjectKind
{
    public static readonly KernelObjectKind Map = new("map", "MAP", BpfCommand.MapGetNextId, BpfCommand.MapGetFdById);
    public static readonly KernelObjectKind Program = new("program", "PROG", BpfCommand.ProgGetNextId, BpfCommand.ProgGetFdById);
    public static readonly KernelObjectKind Link = new("link", "LINK", BpfCommand.LinkGetNextId, BpfCommand.LinkGetFdById);
    public static readonly KernelObjectKind Btf = new("BTF", "BTF", BpfCommand.BtfGetNextId, BpfCommand.BtfGetFdById);

    private readonly string _command;
    private readonly BpfCommand _getNextId;
    private readonly BpfCommand _getDescriptor;

    private KernelObjectKind(string name, string command, BpfCommand getNextId, BpfCommand getDescriptor)
    {
        Name = name;
        _command = command;
        _getNextId = getNextId;
        _getDescriptor = getDescriptor;
    }

    /// <summary>Its name in messages.</summary>
    public string Name { get; }

    /// <summary>The kind of a descriptor that was opened from a pin: nothing but maps, programs and links can be pinned.</summary>
    public static KernelObjectKind OfPinned(IBpfKernel kernel, int fd) => IsLink(kernel, fd) ? Link : IsMap(kernel, fd) ? Map : Program;

    /// <summary>
    /// Whether an open descriptor is a link's. An update to no program tells: of a link the kernel says that the program
    /// is EBADF, of anything else that it is no link. BPF_OBJ_GET_INFO_BY_FD answers for any kind of object, without its kind.
    /// </summary>
    public static bool IsLink(IBpfKernel kernel, int fd)
    {
        BpfAttr attr = default;
        attr.link_update.link_fd = (uint)fd;
        attr.link_update.new_prog_fd = uint.MaxValue;
        return kernel.Bpf(BpfCommand.LinkUpdate, ref attr, BpfAttr.ByteSize) == -(int)BpfErrno.EBADF;
    }

    /// <summary>Numbers of all objects of the kind in the system, ascending. They may come and go meanwhile.</summary>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN.</exception>
    public IEnumerable<uint> EnumerateIds(IBpfKernel kernel)
    {
        uint id = 0;
        while (true)
        {
            BpfAttr attr = default;
            attr.get_id.id = id;
            int result = kernel.Bpf(_getNextId, ref attr, BpfAttr.ByteSize);
            if (result == -(int)BpfErrno.ENOENT)
                yield break;
            if (result < 0)
                KernelErrors.Throw(result, kernel, $"BPF_{_command}_GET_NEXT_ID", null, !kernel.IsEmulated && result == -(int)BpfErrno.EPERM ? $"Enumerating every {Name} needs CAP_SYS_ADMIN." : null);
            yield return id = attr.get_id.next_id;
        }
    }

    /// <summary>Opens an object by its number.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="id">The number.</param>
    /// <param name="flags">Of a map: access.</param>
    /// <returns>A descriptor, owned by the caller.</returns>
    /// <exception cref="BpfException">ENOENT: there is none. EPERM: without CAP_SYS_ADMIN.</exception>
    public int Open(IBpfKernel kernel, uint id, uint flags = 0) =>
        TryOpen(kernel, id, out int fd, flags) ? fd : throw new BpfException(BpfErrno.ENOENT, $"BPF_{_command}_GET_FD_BY_ID", $"{Name} {id}", $"There is no {Name} with this id (any more).");

    /// <summary>Opens an object by its number, which may have gone since it was enumerated.</summary>
    /// <returns>False if there is none; or none yet (EAGAIN: a link that is being made).</returns>
    public bool TryOpen(IBpfKernel kernel, uint id, out int fd, uint flags = 0)
    {
        BpfAttr attr = default;
        attr.get_id.id = id;
        attr.get_id.open_flags = flags;
        fd = kernel.Bpf(_getDescriptor, ref attr, BpfAttr.ByteSize);
        if (fd >= 0)
            return true;
        if (fd is not (-(int)BpfErrno.ENOENT or -(int)BpfErrno.EAGAIN))
            KernelErrors.Throw(fd, kernel, $"BPF_{_command}_GET_FD_BY_ID", $"{Name} {id}", !kernel.IsEmulated && fd == -(int)BpfErrno.EPERM ? $"Opening a {Name} by its id needs CAP_SYS_ADMIN; one's own can be pinned instead." : null);
        return false;
    }

    /// <summary>
    /// Whether a descriptor is a map's. A batch of no elements changes nothing, and only what is no map answers it
    /// with EINVAL (kernels before 5.6 know no batches and answer so for maps too; they are trusted).
    /// </summary>
    private static bool IsMap(IBpfKernel kernel, int fd)
    {
        BpfAttr attr = default;
        attr.batch.map_fd = (uint)fd;
        int result = kernel.Bpf(BpfCommand.MapLookupBatch, ref attr, (uint)sizeof(bpf_attr_batch));
        return result != -(int)BpfErrno.EINVAL || kernel.Facts.Release < new Version(5, 6);
    }
}
