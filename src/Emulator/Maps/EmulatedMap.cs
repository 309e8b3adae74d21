using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A map. What programs do with it works on native memory that stays valid until the run ends (the caller is inside
/// <see cref="EmulatedKernel.Gate"/>); results are zero or -errno as the helpers give them. CPU arguments are slots:
/// indexes into the possible CPUs.
/// </summary>
internal abstract unsafe partial class EmulatedMap : EmulatedObject
{
    private StandInObject? _structure;
    private int _frozen;

    protected EmulatedMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel)
    {
        Type = spec.Type;
        KeySize = spec.KeySize;
        ValueSize = spec.ValueSize;
        MaxEntries = spec.MaxEntries;
        Flags = spec.Flags & ~(BpfMapFlags.ReadOnly | BpfMapFlags.WriteOnly);
        Extra = spec.Extra;
        CpuCount = kernel.CpuCount;
    }

    public override string Description => Name.Length > 0 ? $"map '{Name}'" : $"map {Id}";

    public override bool CanBePinned => true;

    /// <summary>Its id; 0 until it is made completely.</summary>
    public uint Id { get; internal set; }

    public BpfMapType Type { get; }

    /// <summary>Size of a key in bytes.</summary>
    public uint KeySize { get; }

    /// <summary>Size of a value as a program sees it, in bytes.</summary>
    public uint ValueSize { get; }

    /// <summary>Capacity in effect (an LRU map with a list per CPU rounds it up).</summary>
    public uint MaxEntries { get; protected init; }

    /// <summary>Flags without those of a descriptor.</summary>
    public BpfMapFlags Flags { get; protected init; }

    /// <summary>map_extra.</summary>
    public ulong Extra { get; }

    public string Name { get; internal set; } = string.Empty;

    /// <summary>BTF of key and value, or null.</summary>
    public EmulatedBtf? Btf { get; internal set; }

    public uint BtfKeyTypeId { get; internal set; }

    public uint BtfValueTypeId { get; internal set; }

    /// <summary>Fields of the value that the kernel owns, or null.</summary>
    public MapFields? Fields { get; internal set; }

    /// <summary>Bytes of a value before the first kptr: what programs access without a detour.</summary>
    public uint PlainSize => Fields?.FirstPointer ?? uint.MaxValue;

    /// <summary>What maps inside must be like, or null for maps that hold no maps.</summary>
    public virtual InnerMapTemplate? Template => null;

    /// <summary>Whether programs may look at values (false with BPF_F_WRONLY_PROG).</summary>
    public bool ProgramsCanRead => (Flags & BpfMapFlags.WriteOnlyProgram) == 0;

    /// <summary>Whether programs may change values (false with BPF_F_RDONLY_PROG).</summary>
    public bool ProgramsCanWrite => (Flags & BpfMapFlags.ReadOnlyProgram) == 0;

    /// <summary>True for maps whose values have a slot per CPU.</summary>
    public virtual bool IsPerCpu => false;

    /// <summary>Value size rounded up to 8 bytes: the distance of values in memory.</summary>
    public uint ValueStride => (ValueSize + 7) & ~7u;

    /// <summary>struct bpf_map of this map, for programs that read it.</summary>
    public StandInObject Structure => _structure ?? Interlocked.CompareExchange(ref _structure, StandInObject.OfMap(this), null) ?? _structure;

    /// <summary>Slots of a per-CPU value.</summary>
    protected int CpuCount { get; }

    /// <summary>True after BPF_MAP_FREEZE: no descriptor may write. Programs still do.</summary>
    public bool IsFrozen => Volatile.Read(ref _frozen) != 0;

    /// <summary>What bpf_map_sum_elem_count() gives: 0 for types that do not count.</summary>
    public virtual long ElementCount => 0;

    /// <summary>Whether bpf_for_each_map_elem() takes the map.</summary>
    public virtual bool SupportsForEach => false;

    /// <summary>bpf_map_lookup_elem(): address of the value (own CPU's slot), or null.</summary>
    public virtual byte* LookupElement(byte* key, int cpuSlot) => null;

    /// <summary>bpf_map_lookup_percpu_elem(): address of the slot of CPU number <paramref name="cpu"/>, or null.</summary>
    public virtual byte* LookupPerCpu(byte* key, uint cpu) => null;

    /// <summary>bpf_map_update_elem().</summary>
    public virtual int UpdateElement(byte* key, byte* value, ulong flags, int cpuSlot) => -Errno.EOPNOTSUPP;

    /// <summary>bpf_map_delete_elem().</summary>
    public virtual int DeleteElement(byte* key) => -Errno.EOPNOTSUPP;

    /// <summary>bpf_map_push_elem().</summary>
    public virtual int Push(byte* value, ulong flags) => -Errno.EOPNOTSUPP;

    /// <summary>bpf_map_pop_elem(); an empty map gives -ENOENT and a zeroed <paramref name="value"/>.</summary>
    public virtual int Pop(byte* value) => -Errno.EOPNOTSUPP;

    /// <summary>bpf_map_peek_elem(); for a bloom filter the value is what is asked for.</summary>
    public virtual int Peek(byte* value) => -Errno.EOPNOTSUPP;

    /// <summary>The map in a slot of a map of maps, or null. It stays usable until the caller leaves the gate.</summary>
    public virtual EmulatedMap? LookupInnerMap(byte* key) => null;

    /// <summary>What a slot of a program, perf event, cgroup, device, CPU or socket array holds, or null.</summary>
    public virtual EmulatedObject? GetSlotObject(byte* key) => null;

    /// <summary>
    /// Address of byte <paramref name="offset"/> of the only value of an array, for BPF_PSEUDO_MAP_VALUE.
    /// </summary>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="value">Address of byte 0 of the memory that may be addressed so.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <returns>0, -ENOTSUPP for maps without such memory, -EINVAL for an offset beyond the value.</returns>
    public virtual int GetDirectValue(uint offset, out byte* value, out uint length)
    {
        value = null;
        length = 0;
        return -Errno.ENOTSUPP;
    }

    /// <summary>
    /// Goes to the next element as bpf_for_each_map_elem() does: the element after is looked up before one is visited, so
    /// the visited one may be deleted or replaced meanwhile; elements inserted may or may not be visited.
    /// </summary>
    /// <param name="cursor">Where the walk is; default for its start. An array's key lies in it, so it must not move.</param>
    /// <param name="cpuSlot">Whose slot of a per-CPU value to give; below 0 gives slot 0's address.</param>
    /// <param name="key">Address of the key.</param>
    /// <param name="value">Address of the value.</param>
    /// <returns>False at the end.</returns>
    public virtual bool NextElement(MapElementCursor* cursor, int cpuSlot, out byte* key, out byte* value)
    {
        key = null;
        value = null;
        return false;
    }

    /// <summary>Called by the last owner of an element that has fields to release.</summary>
    protected void ReleaseFields(byte* value)
    {
        if (Fields is { NeedsRelease: true } && value != null)
            Kernel.Programs.ReleaseFields(this, value);
    }

    /// <summary>Copies a value into an element, leaving out the fields that the kernel owns.</summary>
    protected void CopyValue(byte* target, byte* source)
    {
        if (Fields is null)
            System.Runtime.CompilerServices.Unsafe.CopyBlockUnaligned(target, source, ValueSize);
        else
            Fields.Copy(target, source, ValueSize);
    }

    protected override void OnUnreferenced()
    {
        if (Id != 0)
            Kernel.Maps.Remove(Id);
    }

    protected override void Destroy()
    {
        _structure?.Release();
        Btf?.Release();
    }
}
