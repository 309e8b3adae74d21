namespace LibbpfSharp;

/// <summary>Flags given when a map is made, as BPF_F_* of linux/bpf.h.</summary>
[Flags]
public enum BpfMapFlags : uint
{
    /// <summary>No flags.</summary>
    None = 0,

    /// <summary>Allocate elements when they are inserted.</summary>
    NoPrealloc = 1,

    /// <summary>One LRU list per CPU instead of a common one.</summary>
    NoCommonLru = 2,

    /// <summary>Allocate on the NUMA node that the attributes name.</summary>
    NumaNode = 4,

    /// <summary>This descriptor reads only, from user space.</summary>
    ReadOnly = 8,

    /// <summary>This descriptor writes only, from user space.</summary>
    WriteOnly = 16,

    /// <summary>Stack traces hold build ids and offsets.</summary>
    StackBuildId = 32,

    /// <summary>Hash with seed zero, for tests (CAP_SYS_ADMIN).</summary>
    ZeroSeed = 64,

    /// <summary>Programs may only read.</summary>
    ReadOnlyProgram = 128,

    /// <summary>Programs may only write.</summary>
    WriteOnlyProgram = 256,

    /// <summary>Local storage is copied to accepted sockets.</summary>
    Clone = 512,

    /// <summary>The values can be mapped into memory (arrays, 5.5).</summary>
    MMapable = 1024,

    /// <summary>Perf events stay when the descriptor that added them closes.</summary>
    PreserveElems = 2048,

    /// <summary>As an inner map, the size may differ from the template's (arrays, 5.10).</summary>
    InnerMap = 4096,

    /// <summary>struct_ops map that is attached through a link (6.4).</summary>
    Link = 8192,

    /// <summary>The pin path is relative to a directory descriptor.</summary>
    PathFd = 16384,

    /// <summary>The value type is in the BTF of a module.</summary>
    VtypeBtfObjFd = 32768,

    /// <summary>A BPF token is passed.</summary>
    TokenFd = 65536,

    /// <summary>A page fault in an arena is SIGSEGV instead of an allocation.</summary>
    SegvOnFault = 131072,

    /// <summary>Arena pointers are not converted for user space.</summary>
    NoUserConv = 262144,

    /// <summary>A full ring buffer overwrites its oldest records (6.19).</summary>
    RbOverwrite = 524288,
}
