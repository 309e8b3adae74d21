using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// A map of any kind, its keys and values as bytes. Sizes are checked before the kernel is asked, as libbpf's
/// bpf_map__*_elem do. A missing key is <see langword="false"/>; every other failure is a <see cref="BpfException"/>
/// that names the operation, the map and what to do about it. All members may be called from any thread; a call on a
/// disposed map is an <see cref="ObjectDisposedException"/>, and Dispose waits for the calls in flight.
/// The map itself lives in the kernel as long as a descriptor, a pin, a program or an outer map refers to it.
/// </summary>
public sealed unsafe partial class BpfMap : IDisposable, IBpfTypedMap<BpfMap>
{
    private readonly KernelHandle _handle;
    private readonly BpfMapInfo _info;
    private readonly PerCpuLayout _layout;
    private readonly IBpfKernel _kernel;
    private readonly int _keySize;
    private readonly int _valueSize;

    /// <summary>A map over a descriptor that it owns from now on.</summary>
    /// <param name="handle">The descriptor.</param>
    /// <param name="info">What the kernel tells of it.</param>
    /// <param name="name">Full name where it is known to be longer than the kernel's 15 bytes.</param>
    internal BpfMap(KernelHandle handle, BpfMapInfo info, string? name = null)
    {
        _handle = handle;
        _kernel = handle.Kernel;
        _info = info;
        Name = string.IsNullOrEmpty(name) ? info.Name : name;
        _layout = new PerCpuLayout(_kernel, info.Type, info.ValueSize);
        _keySize = checked((int)info.KeySize);
        _valueSize = _layout.ElementSize;
    }

    /// <summary>Name; empty if it has none.</summary>
    public string Name { get; }

    /// <summary>Kind of map.</summary>
    public BpfMapType Type => _info.Type;

    /// <summary>Bytes of a key.</summary>
    public int KeySize => _keySize;

    /// <summary>Bytes of one value; of one CPU's value for per-CPU kinds.</summary>
    public int ValueSize => _layout.ValueSize;

    /// <summary>
    /// Bytes that are read and written for one element: <see cref="ValueSize"/>, or for per-CPU kinds
    /// <c>round_up(value_size, 8) * possible CPUs</c>.
    /// </summary>
    public int ElementSize => _valueSize;

    /// <summary>Capacity in elements; bytes for ring buffers, pages for arenas.</summary>
    public uint MaxEntries => _info.MaxEntries;

    /// <summary>Flags of the map.</summary>
    public BpfMapFlags Flags => _info.Flags;

    /// <summary>Number of the map in the whole system.</summary>
    public uint Id => _info.Id;

    /// <summary>The kernel that holds the map.</summary>
    public IBpfKernel Kernel => _kernel;

    /// <summary>True if the map lives in this process, on the emulated kernel.</summary>
    public bool IsEmulated => _kernel.IsEmulated;

    /// <summary>
    /// The descriptor, for calls that this library does not have. It stays this object's: it must not be closed, and
    /// means nothing after Dispose. Emulated descriptors (0x40000000 and above) mean nothing to Linux.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The map was disposed of.</exception>
    public int FileDescriptor => _handle.DangerousFd;

    /// <summary>The map itself: where a typed map is asked for, as the inner maps of an outer one, any kind will do.</summary>
    BpfMap IBpfTypedMap<BpfMap>.Map => this;

    internal ulong Extra => _info.Extra;

    internal (uint Id, uint KeyType, uint ValueType) BtfIds => (_info.BtfId, _info.BtfKeyTypeId, _info.BtfValueTypeId);

    internal KernelHandle Handle => _handle;

    internal PerCpuLayout Layout => _layout;

    /// <summary>The map in messages: "map 'counts'".</summary>
    internal string Subject => Describe(Name, _info.Id);

    static BpfMap IBpfTypedMap<BpfMap>.Bind(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map;
    }

    /// <summary>Makes a map.</summary>
    /// <param name="kernel">The kernel to make it on.</param>
    /// <param name="spec">What it is to be like.</param>
    /// <exception cref="BpfException">The kernel refused; the message says why where that is known.</exception>
    public static BpfMap Create(IBpfKernel kernel, BpfMapSpec spec)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(spec);
        bpf_attr_map_create attr = default;
        attr.map_type = (uint)spec.Type;
        attr.key_size = spec.KeySize;
        attr.value_size = spec.ValueSize;
        attr.max_entries = spec.MaxEntries;
        attr.map_flags = (uint)spec.Flags;
        attr.map_extra = spec.Extra;
        attr.map_name = bpf_obj_name.From(spec.Name);
        attr.btf_key_type_id = spec.BtfKeyTypeId;
        attr.btf_value_type_id = spec.BtfValueTypeId;
        attr.btf_vmlinux_value_type_id = spec.BtfVmlinuxValueTypeId;
        if (spec.NumaNode is { } node)
        {
            attr.numa_node = (uint)node;
            attr.map_flags |= (uint)BpfMapFlags.NumaNode;
        }

        KernelHandle? inner = spec.InnerMap?._handle;
        // Without one the kernel would be given descriptor 0, whatever that is.
        if (inner is null && spec.Type is (BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps))
            throw MapErrors.NoInnerMap(spec);
        inner?.RequireKernel(kernel);
        spec.Btf?.RequireKernel(kernel);
        spec.ModuleBtf?.RequireKernel(kernel);
        int fd;
        // Each is held for the call, so that it cannot be closed meanwhile.
        attr.inner_map_fd = (uint)(inner?.Enter() ?? 0);
        try
        {
            attr.btf_fd = (uint)(spec.Btf?.Enter() ?? 0);
            try
            {
                if (spec.ModuleBtf is { } module)
                {
                    attr.value_type_btf_obj_fd = module.DangerousFd;
                    attr.map_flags |= (uint)BpfMapFlags.VtypeBtfObjFd;
                }

                fd = kernel.Bpf(BpfCommand.MapCreate, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_map_create));
            }
            finally
            {
                spec.Btf?.Exit();
            }
        }
        finally
        {
            inner?.Exit();
        }

        if (fd < 0)
            MapErrors.ThrowCreate(fd, kernel, spec);
        return FromDescriptor(kernel, fd, spec.Name);
    }

    /// <summary>A map over a descriptor, which it owns from now on, also when this throws.</summary>
    /// <param name="kernel">The kernel whose descriptor it is.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="name">Full name where it is known to be longer than the kernel's 15 bytes.</param>
    internal static BpfMap FromDescriptor(IBpfKernel kernel, int fd, string? name = null)
    {
        int result = BpfMapInfo.Query(kernel, fd, out BpfMapInfo? info);
        if (info is null)
        {
            kernel.Close(fd);
            throw KernelErrors.Create(result, kernel, "BPF_OBJ_GET_INFO_BY_FD", $"map '{name}'");
        }

        string fullName = string.IsNullOrEmpty(name) ? info.Name : name;
        return new BpfMap(new KernelHandle(kernel, fd, Describe(fullName, info.Id)), info, fullName);
    }

    /// <summary>Closes the descriptor, after the calls in flight. The map lives on if something else refers to it.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        // No call is in flight any more, so nobody makes another one.
        Interlocked.Exchange(ref _counter, null)?.Dispose();
        Interlocked.Exchange(ref _arena, null)?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Subject} (key {KeySize} bytes, value {ValueSize} bytes, {MaxEntries} entries)";

    private static string Describe(string name, uint id) => name.Length > 0 ? $"map '{name}'" : $"map {id}";
}
