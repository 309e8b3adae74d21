namespace LibbpfSharp;

/// <summary>Kinds of BPF maps, as enum bpf_map_type of linux/bpf.h; the version is the first kernel that has the kind.</summary>
public enum BpfMapType : uint
{
    /// <summary>No type; refused by the kernel.</summary>
    Unspec = 0,

    /// <summary>Hash table (3.19).</summary>
    Hash = 1,

    /// <summary>Array of preallocated, zeroed elements indexed by a 4-byte key (3.19).</summary>
    Array = 2,

    /// <summary>Programs for tail calls (4.2).</summary>
    ProgArray = 3,

    /// <summary>Perf events, one slot per CPU (4.3).</summary>
    PerfEventArray = 4,

    /// <summary>Hash table with one value per possible CPU (4.6).</summary>
    PerCpuHash = 5,

    /// <summary>Array with one value per possible CPU (4.6).</summary>
    PerCpuArray = 6,

    /// <summary>Stack traces by id (4.6).</summary>
    StackTrace = 7,

    /// <summary>Cgroups (4.8).</summary>
    CgroupArray = 8,

    /// <summary>Hash table that evicts least recently used elements (4.10).</summary>
    LruHash = 9,

    /// <summary>Per-CPU hash table that evicts least recently used elements (4.10).</summary>
    LruPerCpuHash = 10,

    /// <summary>Longest prefix match trie (4.11).</summary>
    LpmTrie = 11,

    /// <summary>Array whose values are maps (4.12).</summary>
    ArrayOfMaps = 12,

    /// <summary>Hash table whose values are maps (4.12).</summary>
    HashOfMaps = 13,

    /// <summary>Network devices by index, for XDP redirect (4.14).</summary>
    DevMap = 14,

    /// <summary>Sockets by index (4.14).</summary>
    SockMap = 15,

    /// <summary>CPUs, for XDP redirect (4.15).</summary>
    CpuMap = 16,

    /// <summary>AF_XDP sockets (4.18).</summary>
    XskMap = 17,

    /// <summary>Sockets by key (4.18).</summary>
    SockHash = 18,

    /// <summary>Storage of a cgroup attachment (4.19; superseded by CgrpStorage).</summary>
    CgroupStorage = 19,

    /// <summary>Sockets for SO_REUSEPORT selection (4.19).</summary>
    ReusePortSockArray = 20,

    /// <summary>Per-CPU storage of a cgroup attachment (4.20; superseded by CgrpStorage).</summary>
    PerCpuCgroupStorage = 21,

    /// <summary>First in, first out; no keys (4.20).</summary>
    Queue = 22,

    /// <summary>Last in, first out; no keys (4.20).</summary>
    Stack = 23,

    /// <summary>Storage of a socket (5.2).</summary>
    SkStorage = 24,

    /// <summary>Network devices by key, for XDP redirect (5.4).</summary>
    DevMapHash = 25,

    /// <summary>Kernel function table implemented by programs (5.6).</summary>
    StructOps = 26,

    /// <summary>Ring buffer from programs to user space (5.8).</summary>
    RingBuf = 27,

    /// <summary>Storage of an inode (5.10).</summary>
    InodeStorage = 28,

    /// <summary>Storage of a task (5.11).</summary>
    TaskStorage = 29,

    /// <summary>Bloom filter; no keys (5.16).</summary>
    BloomFilter = 30,

    /// <summary>Ring buffer from user space to programs (6.1).</summary>
    UserRingBuf = 31,

    /// <summary>Storage of a cgroup (6.2).</summary>
    CgrpStorage = 32,

    /// <summary>Memory shared by programs and user space (6.9).</summary>
    Arena = 33,

    /// <summary>Instruction offsets, for indirect jumps (6.19).</summary>
    InsnArray = 34,
}
