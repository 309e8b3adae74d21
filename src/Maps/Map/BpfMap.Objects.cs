using System.Diagnostics.CodeAnalysis;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <content>The map as an object of the kernel: freezing, pins, ids, further descriptors.</content>
public sealed unsafe partial class BpfMap
{
    /// <summary>
    /// Makes the map read-only for user space, for good and through every descriptor (BPF_MAP_FREEZE, 5.2). Programs still write.
    /// </summary>
    /// <exception cref="BpfException">
    /// EPERM: frozen already, or a read-only descriptor. EBUSY: a writable mapping exists. ENOTSUPP: a value with a
    /// spin lock, timer or pointer.
    /// </exception>
    public void Freeze()
    {
        bpf_attr_map_elem attr = default;
        attr.map_fd = (uint)_handle.Enter();
        int result;
        try
        {
            result = _kernel.Bpf(BpfCommand.MapFreeze, ref BpfAttr.From(ref attr), (uint)sizeof(uint));
        }
        finally
        {
            _handle.Exit();
        }

        if (result < 0)
        {
            throw KernelErrors.Create(result, _kernel, "BPF_MAP_FREEZE", Subject, (BpfErrno)(-result) switch
            {
                BpfErrno.EPERM => "The map is frozen already, or its descriptor was opened read-only.",
                BpfErrno.EBUSY => "Dispose of the writable mappings of the map first.",
                BpfErrno.ENOTSUPP => "Maps whose values hold a spin lock, timer or kernel pointer cannot be frozen.",
                _ => null,
            });
        }
    }

    /// <summary>Pins the map, so that it outlives this process (BPF_OBJ_PIN). A map may have many pins.</summary>
    /// <param name="path">Path on a mounted bpffs (usually below /sys/fs/bpf); its folder must exist and its name must contain no '.'.</param>
    /// <exception cref="BpfException">EEXIST: the path exists. ENOENT: its folder does not. EPERM: not on bpffs, or a name with a '.'.</exception>
    public void Pin(string path)
    {
        int fd = _handle.Enter();
        try
        {
            PinPaths.Check(PinPaths.Pin(_kernel, fd, path), _kernel, "BPF_OBJ_PIN", Subject, path);
        }
        finally
        {
            _handle.Exit();
        }
    }

    /// <summary>Removes a pin of this map.</summary>
    /// <param name="path">Path of the pin.</param>
    /// <exception cref="BpfException">ENOENT: nothing is pinned there. EINVAL: something else is pinned there, and stays.</exception>
    public void Unpin(string path)
    {
        using (BpfMap pinned = OpenPinned(_kernel, path))
        {
            if (pinned.Id != Id)
                throw new BpfException(BpfErrno.EINVAL, "unpin", Subject, $"'{path}' is a pin of {pinned.Subject} (id {pinned.Id}), not of this one (id {Id}).");
        }

        PinPaths.Check(_kernel.RemovePath(path), _kernel, "unpin", Subject, path);
    }

    /// <summary>Opens a pinned map (BPF_OBJ_GET).</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="path">Path of the pin.</param>
    /// <param name="expected">What the map must be like, all but its name; null for any.</param>
    /// <param name="access"><see cref="BpfMapFlags.ReadOnly"/> or <see cref="BpfMapFlags.WriteOnly"/> for a descriptor of one direction.</param>
    /// <exception cref="BpfException">
    /// ENOENT: nothing there. EACCES: not a pin. EINVAL: the map is not as expected, and the message lists every
    /// difference; or what is pinned there is no map.
    /// </exception>
    public static BpfMap OpenPinned(IBpfKernel kernel, string path, BpfMapSpec? expected = null, BpfMapFlags access = BpfMapFlags.None)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        string subject = $"pin '{path}'";
        int fd = PinPaths.Check(PinPaths.Open(kernel, path, (uint)access), kernel, "BPF_OBJ_GET", subject, path);
        if (!IsMap(kernel, fd))
        {
            kernel.Close(fd);
            throw new BpfException(BpfErrno.EINVAL, "open", subject, "What is pinned there is not a map but a program or link.");
        }

        BpfMap map = FromDescriptor(kernel, fd);
        if (expected is not null && MapDifferences.Describe(map._info, expected, kernel) is { } differences)
        {
            map.Dispose();
            throw new BpfException(BpfErrno.EINVAL, "open", subject, $"The pinned map differs from what is expected: {differences}. Remove the pin, or use another path.");
        }

        return map;
    }

    /// <summary>Opens a map by its number in the system (BPF_MAP_GET_FD_BY_ID; CAP_SYS_ADMIN).</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="id">The number.</param>
    /// <param name="access"><see cref="BpfMapFlags.ReadOnly"/> or <see cref="BpfMapFlags.WriteOnly"/> for a descriptor of one direction.</param>
    /// <exception cref="BpfException">ENOENT: no such map. EPERM: without CAP_SYS_ADMIN.</exception>
    public static BpfMap OpenById(IBpfKernel kernel, uint id, BpfMapFlags access = BpfMapFlags.None)
    {
        int fd = OpenId(kernel, id, access);
        return fd >= 0 ? FromDescriptor(kernel, fd) : throw OpenIdError(kernel, id, fd);
    }

    /// <summary>Opens a map by its number, which may have gone since it was enumerated.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="id">The number.</param>
    /// <param name="map">The map.</param>
    /// <returns>False if there is no such map.</returns>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN.</exception>
    public static bool TryOpenById(IBpfKernel kernel, uint id, [NotNullWhen(true)] out BpfMap? map)
    {
        int fd = OpenId(kernel, id, BpfMapFlags.None);
        map = fd >= 0 ? FromDescriptor(kernel, fd) : fd == -(int)BpfErrno.ENOENT ? null : throw OpenIdError(kernel, id, fd);
        return map is not null;
    }

    /// <summary>Numbers of all maps of the system, ascending (BPF_MAP_GET_NEXT_ID; CAP_SYS_ADMIN). Maps may come and go meanwhile.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN.</exception>
    public static IEnumerable<uint> EnumerateIds(IBpfKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return Enumerate(kernel);

        static IEnumerable<uint> Enumerate(IBpfKernel kernel)
        {
            for (uint id = 0; NextId(kernel, ref id);)
                yield return id;
        }
    }

    /// <summary>What the kernel tells of the map now.</summary>
    public BpfMapInfo GetInfo()
    {
        int fd = _handle.Enter();
        try
        {
            KernelErrors.Check(BpfMapInfo.Query(_kernel, fd, out BpfMapInfo? info), _kernel, "BPF_OBJ_GET_INFO_BY_FD", Subject);
            return info!;
        }
        finally
        {
            _handle.Exit();
        }
    }

    /// <summary>
    /// Maps the values into memory: of an array created with <see cref="BpfMapFlags.MMapable"/> (5.5), or of an arena (6.9).
    /// The mapping works on when this object is disposed of.
    /// </summary>
    /// <param name="writable">False to map for reading only; a frozen map cannot be mapped otherwise.</param>
    /// <exception cref="BpfException">EINVAL: a map that cannot be mapped. EPERM: frozen, and to be mapped for writing.</exception>
    public BpfMapMemory MapMemory(bool writable = true) => BpfMapMemory.Create(this, writable);

    /// <summary>A second descriptor of the same map, with an owner of its own.</summary>
    public BpfMap Duplicate() => new(_handle.Duplicate(), _info, Name);

    private static int OpenId(IBpfKernel kernel, uint id, BpfMapFlags access)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        bpf_attr_get_id attr = default;
        attr.id = id;
        attr.open_flags = (uint)access;
        return kernel.Bpf(BpfCommand.MapGetFdById, ref BpfAttr.From(ref attr), 12);
    }

    private static BpfException OpenIdError(IBpfKernel kernel, uint id, int result) => KernelErrors.Create(
        result, kernel, "BPF_MAP_GET_FD_BY_ID", $"map id {id}", (BpfErrno)(-result) switch
        {
            BpfErrno.ENOENT => "There is no map with this id (any more).",
            BpfErrno.EPERM when !kernel.IsEmulated => "Opening a map by id needs CAP_SYS_ADMIN; one's own maps can be pinned instead.",
            _ => null,
        });

    private static bool NextId(IBpfKernel kernel, ref uint id)
    {
        bpf_attr_get_id attr = default;
        attr.id = id;
        int result = kernel.Bpf(BpfCommand.MapGetNextId, ref BpfAttr.From(ref attr), 8);
        if (result == -(int)BpfErrno.ENOENT)
            return false;
        KernelErrors.Check(result, kernel, "BPF_MAP_GET_NEXT_ID", "map ids", !kernel.IsEmulated && result == -(int)BpfErrno.EPERM ? "Enumerating maps needs CAP_SYS_ADMIN." : null);
        id = attr.next_id;
        return true;
    }

    /// <summary>
    /// Whether a descriptor is a map's. A batch of no elements changes nothing, and only what is no map answers it
    /// with EINVAL (kernels before 5.6 know no batches and answer so for maps too; they are trusted).
    /// </summary>
    private static bool IsMap(IBpfKernel kernel, int fd)
    {
        bpf_attr_batch attr = default;
        attr.map_fd = (uint)fd;
        int result = kernel.Bpf(BpfCommand.MapLookupBatch, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_batch));
        return result != -(int)BpfErrno.EINVAL || kernel.Facts.Release < new Version(5, 6);
    }
}
