namespace LibbpfSharp.Emulator;

/// <summary>What a region of guest memory is.</summary>
internal enum RegionKind : byte
{
    /// <summary>Nothing: never opened, or closed.</summary>
    None,

    /// <summary>The program's context. Its length is 0 where each access is converted (<see cref="ProgramKind"/>).</summary>
    Context,

    /// <summary>Linear packet data.</summary>
    Packet,

    /// <summary>One stack frame of 512 bytes.</summary>
    Stack,

    /// <summary>A map itself (<c>struct bpf_map *</c>); the owner is the <c>EmulatedMap</c>.</summary>
    Map,

    /// <summary>One value of a map; the owner is the map.</summary>
    MapValue,

    /// <summary>One key of a map, as a for_each callback gets it. Read-only.</summary>
    MapKey,

    /// <summary>A subprogram's address; the offset is the index of its first instruction.</summary>
    Function,

    /// <summary>A reserved ring buffer record.</summary>
    RingBufferRecord,

    /// <summary>A slice of a dynptr.</summary>
    Slice,

    /// <summary>Memory of a kernel object (task, sock, cgroup, allocated object). The owner is the object.</summary>
    KernelObject,

    /// <summary>Memory of an arena map.</summary>
    Arena,

    /// <summary>Other memory that a helper or a test hands to the program.</summary>
    Memory,
}
