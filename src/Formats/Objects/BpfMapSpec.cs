namespace LibbpfSharp.Formats.Objects;

/// <summary>A map as an object file defines it. Numbers are those of uapi/linux/bpf.h.</summary>
public sealed class BpfMapSpec
{
    /// <summary>BPF_MAP_TYPE_ARENA.</summary>
    internal const uint TypeArena = 33;

    private readonly List<BpfMapSlot> _slots = [];
    private readonly List<BpfStructOpsProgram> _programs = [];

    /// <summary>
    /// Name: of a map in .maps or a struct_ops variable the C name, of a data section the name that libbpf gives it
    /// (<c>my_objec.rodata</c>, at most 15 characters).
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Name of the section: <c>.maps</c>, <c>.rodata</c>, <c>.data.counters</c>, <c>.kconfig</c>.</summary>
    public required string SectionName { get; init; }

    /// <summary>Where the map comes from.</summary>
    public BpfMapSpecKind Kind { get; init; }

    /// <summary>Index in <see cref="BpfObjectFile.Maps"/>; -1 for an inner map's definition.</summary>
    public int Index { get; internal set; } = -1;

    /// <summary>True for the maps of data sections and .kconfig, which the programmer did not define as maps.</summary>
    public bool IsInternal => Kind is not (BpfMapSpecKind.User or BpfMapSpecKind.StructOps);

    /// <summary>Map type (enum bpf_map_type).</summary>
    public uint Type { get; init; }

    /// <summary>Size of a key in bytes.</summary>
    public uint KeySize { get; init; }

    /// <summary>Size of a value in bytes.</summary>
    public uint ValueSize { get; init; }

    /// <summary>
    /// Maximum number of entries; size in bytes of a ring buffer as written (a loader rounds it up to pages times a power of two),
    /// number of pages of an arena. 0 is left to the loader where the kernel or libbpf has a default.
    /// </summary>
    public uint MaxEntries { get; init; }

    /// <summary>Flags (BPF_F_*).</summary>
    public uint Flags { get; init; }

    /// <summary>Per-type extra (map_extra): hash functions of a bloom filter, user address of an arena.</summary>
    public ulong MapExtra { get; init; }

    /// <summary>NUMA node; applies if BPF_F_NUMA_NODE is in <see cref="Flags"/>.</summary>
    public uint NumaNode { get; init; }

    /// <summary>True if the map is to be pinned by its name below the pin root, and reused from there (LIBBPF_PIN_BY_NAME).</summary>
    public bool PinByName { get; init; }

    /// <summary>False if the map is created only if asked for (<c>?.struct_ops</c>).</summary>
    public bool AutoCreate { get; init; } = true;

    /// <summary>BTF id of the key's type; 0 if unknown.</summary>
    public uint KeyTypeId { get; init; }

    /// <summary>BTF id of the value's type; for a data section that of the section, for struct_ops that of the struct; 0 if unknown.</summary>
    public uint ValueTypeId { get; init; }

    /// <summary>
    /// BTF id of what the records of a ring buffer or perf event array are, where the definition says so with
    /// <c>__type(value, struct event)</c>; 0 if it does not. Such a map has no values in the kernel: <see cref="ValueSize"/> is what the kernel takes.
    /// </summary>
    public uint EventTypeId { get; init; }

    /// <summary>BTF id of the variable that defines a map in .maps or struct_ops (its tags hang there); 0 for others.</summary>
    public uint VariableId { get; init; }

    /// <summary>For a map of maps what its values look like, or null if the definition does not say.</summary>
    public BpfMapSpec? InnerMap { get; init; }

    /// <summary>For a map of maps or program array the slots that the definition fills (<c>values</c>).</summary>
    public IReadOnlyList<BpfMapSlot> InitialSlots
    {
        get => _slots;
        init => _slots = [.. value];
    }

    /// <summary>
    /// For data sections, struct_ops and an arena with variables their initial bytes. Empty means zeros (.bss, .kconfig).
    /// </summary>
    public ReadOnlyMemory<byte> InitialData { get; init; }

    /// <summary>For struct_ops which program each callback is.</summary>
    public IReadOnlyList<BpfStructOpsProgram> StructOpsPrograms => _programs;

    internal int SectionIndex { get; init; } = -1;

    internal ulong SectionOffset { get; init; }

    internal ulong SizeInSection { get; init; }

    /// <summary>For people.</summary>
    /// <returns>Name and type.</returns>
    public override string ToString() => $"{Name} ({BpfTypeNames.GetMapType(Type)})";

    internal void AddSlot(BpfMapSlot slot) => _slots.Add(slot);

    internal void SortSlots() => _slots.Sort((a, b) => a.Index.CompareTo(b.Index));

    internal void AddProgram(BpfStructOpsProgram program) => _programs.Add(program);
}
