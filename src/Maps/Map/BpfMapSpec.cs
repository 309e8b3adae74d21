using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>What a map is to be made like, or what an existing one is compared with. Plain data; nothing is checked before use.</summary>
public sealed record BpfMapSpec
{
    /// <summary>Name, at most 15 bytes of A-Z a-z 0-9 _ and . ; longer names are cut, as libbpf cuts them. Empty for none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Kind of map.</summary>
    public required BpfMapType Type { get; init; }

    /// <summary>Bytes of a key; 0 for kinds without keys (queue, stack, bloom filter, ring buffers, arena).</summary>
    public uint KeySize { get; init; }

    /// <summary>Bytes of one value; of one CPU's value for per-CPU kinds.</summary>
    public uint ValueSize { get; init; }

    /// <summary>Capacity in elements; bytes for ring buffers (a power of two, whole pages), pages for arenas.</summary>
    public uint MaxEntries { get; init; }

    /// <summary>Flags.</summary>
    public BpfMapFlags Flags { get; init; }

    /// <summary>NUMA node to allocate on; null for any. Sets <see cref="BpfMapFlags.NumaNode"/>.</summary>
    public int? NumaNode { get; init; }

    /// <summary>Depends on the kind: number of hash functions of a bloom filter (0 to 15, 0 means 5), address of an arena.</summary>
    public ulong Extra { get; init; }

    /// <summary>For an array or hash of maps: a map like those that will be stored. Its owner may dispose of it after the creation.</summary>
    public BpfMap? InnerMap { get; init; }

    /// <summary>BTF that the type ids are of; borrowed during the creation.</summary>
    internal KernelHandle? Btf { get; init; }

    /// <summary>Type id of the key in <see cref="Btf"/>.</summary>
    internal uint BtfKeyTypeId { get; init; }

    /// <summary>Type id of the value in <see cref="Btf"/>.</summary>
    internal uint BtfValueTypeId { get; init; }

    /// <summary>For struct_ops: id of the value type in the kernel's BTF.</summary>
    internal uint BtfVmlinuxValueTypeId { get; init; }

    /// <summary>For struct_ops of a module: its BTF. Sets <see cref="BpfMapFlags.VtypeBtfObjFd"/>.</summary>
    internal KernelHandle? ModuleBtf { get; init; }
}
