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
    /// EPERM: frozen already, or a read-only descriptor. EBUSY: a writable mapping exists, or (Linux 6.1) frozen already. ENOTSUPP: a value with a
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
                BpfErrno.EBUSY => "Dispose of the writable mappings of the map first; an older kernel answers so too if the map is frozen already.",
                BpfErrno.ENOTSUPP => "Maps whose values hold a spin lock, timer or kernel pointer cannot be frozen.",
                _ => null,
            });
        }
    }

    /// <summary>Pins the map, so that it outlives this process (BPF_OBJ_PIN). A map may have many pins.</summary>
    /// <param name="path">Path on a mounted bpffs (usually below /sys/fs/bpf); its folder must exist and its name must contain no '.'.</param>
    /// <exception cref="BpfException">EEXIST: the path exists. ENOENT: its folder does not. EPERM: not on bpffs, or a name with a '.'.</exception>
    public void Pin(string path) => KernelPins.Pin(_handle, path, Subject);

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

        KernelPins.Remove(_kernel, path, Subject);
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
        BpfMap map = FromDescriptor(kernel, KernelPins.Open(kernel, path, KernelObjectKind.Map, (uint)access));
        if (expected is not null && MapDifferences.Describe(map._info, expected, kernel) is { } differences)
        {
            map.Dispose();
            throw new BpfException(BpfErrno.EINVAL, $"opening the pin '{path}'", null, $"The pinned map differs from what is expected: {differences}. Remove the pin, or use another path.");
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
        ArgumentNullException.ThrowIfNull(kernel);
        return FromDescriptor(kernel, KernelObjectKind.Map.Open(kernel, id, (uint)access));
    }

    /// <summary>Opens a map by its number, which may have gone since it was enumerated.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="id">The number.</param>
    /// <param name="map">The map.</param>
    /// <returns>False if there is no such map.</returns>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN.</exception>
    public static bool TryOpenById(IBpfKernel kernel, uint id, [NotNullWhen(true)] out BpfMap? map)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        map = KernelObjectKind.Map.TryOpen(kernel, id, out int fd) ? FromDescriptor(kernel, fd) : null;
        return map is not null;
    }

    /// <summary>Numbers of all maps of the system, ascending (BPF_MAP_GET_NEXT_ID; CAP_SYS_ADMIN). Maps may come and go meanwhile.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <exception cref="BpfException">EPERM: without CAP_SYS_ADMIN.</exception>
    public static IEnumerable<uint> EnumerateIds(IBpfKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return KernelObjectKind.Map.EnumerateIds(kernel);
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

    private BpfMapMemory? _arena;

    /// <summary>
    /// Maps the values into memory: of an array created with <see cref="BpfMapFlags.MMapable"/> (5.5), or of an arena (6.9).
    /// The mapping works on when this object is disposed of.
    /// </summary>
    /// <param name="writable">False to map for reading only; a frozen map cannot be mapped otherwise.</param>
    /// <exception cref="BpfException">EINVAL: a map that cannot be mapped. EPERM: frozen, and to be mapped for writing.</exception>
    public BpfMapMemory MapMemory(bool writable = true)
    {
        if (Type != BpfMapType.Arena)
            return BpfMapMemory.Create(this, writable);

        // An arena has one address for as long as it lives, so this object keeps it mapped.
        if (Volatile.Read(ref _arena) is not { } arena)
        {
            BpfMapMemory made = BpfMapMemory.Create(this, writable: true);
            arena = Interlocked.CompareExchange(ref _arena, made, null) ?? made;
            if (!ReferenceEquals(arena, made))
                made.Dispose();
        }

        return arena.Share(writable);
    }

    /// <summary>A second descriptor of the same map, with an owner of its own.</summary>
    public BpfMap Duplicate() => new(_handle.Duplicate(), _info, Name);
}
