namespace LibbpfSharp.Interop;

/// <summary>
/// All that the library asks of a kernel. Two implement it: <see cref="LinuxKernel"/> and the emulator's
/// <c>EmulatedKernel</c>. Calls return zero or a positive result, or <c>-errno</c>; they throw only for bugs of
/// the caller (a disposed kernel). Descriptors of one kernel mean nothing to another.
/// </summary>
public unsafe interface IBpfKernel
{
    /// <summary>Name for messages: "Linux 6.18.44" or "emulated kernel 6.18".</summary>
    string Name { get; }

    /// <summary>True for a kernel that lives in this process.</summary>
    bool IsEmulated { get; }

    /// <summary>What the kernel tells of itself and of the machine.</summary>
    IKernelFacts Facts { get; }

    /// <summary>Attachments that go by netlink; a kernel without a network answers EOPNOTSUPP.</summary>
    IKernelNetwork Network => NoNetwork.Instance;

    /// <summary>bpf(2).</summary>
    /// <param name="command">The command.</param>
    /// <param name="attr">First byte of the attributes; <paramref name="size"/> bytes are readable, and writable where the command writes results.</param>
    /// <param name="size">Bytes passed. Fewer than the kernel knows means the rest is zero; more must be zero, else E2BIG.</param>
    /// <returns>The command's result (often a descriptor), or -errno.</returns>
    int Bpf(BpfCommand command, ref BpfAttr attr, uint size);

    /// <summary>mmap(2) of a map, a ring buffer or a perf event.</summary>
    /// <param name="fd">Descriptor to map.</param>
    /// <param name="length">Length in bytes.</param>
    /// <param name="protection">Access wanted.</param>
    /// <param name="sharing">Shared or private.</param>
    /// <param name="offset">Offset in bytes, a multiple of the page size.</param>
    /// <param name="address">In: the address wanted, 0 for any (arenas demand theirs). Out: the address of the mapping.</param>
    /// <returns>0 or -errno.</returns>
    int MapMemory(int fd, nuint length, MemoryProtection protection, MemorySharing sharing, ulong offset, ref nint address);

    /// <summary>munmap(2).</summary>
    /// <returns>0 or -errno.</returns>
    int UnmapMemory(nint address, nuint length);

    /// <summary>mprotect(2).</summary>
    /// <returns>0 or -errno.</returns>
    int ProtectMemory(nint address, nuint length, MemoryProtection protection);

    /// <summary>Makes an object that waits for descriptors to become readable and can be woken.</summary>
    /// <param name="waiter">The waiter, owned by the caller.</param>
    /// <returns>0 or -errno.</returns>
    int CreateWaiter(out IKernelWaiter? waiter);

    /// <summary>read(2): iterators and other readable descriptors.</summary>
    /// <returns>Bytes read, 0 at the end, or -errno.</returns>
    int Read(int fd, Span<byte> buffer);

    /// <summary>perf_event_open(2).</summary>
    /// <param name="attr">First byte of struct perf_event_attr; its <c>size</c> field says how many follow.</param>
    /// <param name="processId">Process, or -1 for all.</param>
    /// <param name="cpu">CPU, or -1 for any.</param>
    /// <param name="groupFd">Group leader, or -1.</param>
    /// <param name="flags">PERF_FLAG_*; close-on-exec is always added.</param>
    /// <returns>A descriptor or -errno.</returns>
    int OpenPerfEvent(ref byte attr, int processId, int cpu, int groupFd, uint flags);

    /// <summary>ioctl(2) of a perf event.</summary>
    /// <param name="fd">The perf event.</param>
    /// <param name="request">PERF_EVENT_IOC_*.</param>
    /// <param name="argument">A number or a native address, as the request wants.</param>
    /// <returns>The result or -errno.</returns>
    int ControlPerfEvent(int fd, uint request, ulong argument);

    /// <summary>fcntl(2) F_DUPFD_CLOEXEC.</summary>
    /// <returns>A new descriptor or -errno.</returns>
    int Duplicate(int fd);

    /// <summary>close(2).</summary>
    /// <returns>0 or -errno.</returns>
    int Close(int fd);

    /// <summary>Opens a directory or file to be named by descriptor: a cgroup, a network namespace, a pin folder.</summary>
    /// <param name="path">Path in the kernel's own name space.</param>
    /// <returns>A descriptor or -errno.</returns>
    int OpenPath(string path);

    /// <summary>pidfd_open(2): names a process, for task storage.</summary>
    /// <returns>A descriptor or -errno.</returns>
    int OpenProcess(int processId);

    /// <summary>mkdir(2) in the pin name space (bpffs), mode 0700.</summary>
    /// <returns>0 or -errno.</returns>
    int CreateDirectory(string path);

    /// <summary>unlink(2) of a pin, rmdir(2) of an empty directory.</summary>
    /// <returns>0 or -errno.</returns>
    int RemovePath(string path);

    /// <summary>Names in a directory of the pin name space, without "." and "..".</summary>
    /// <returns>0 or -errno.</returns>
    int ListDirectory(string path, out IReadOnlyList<string> names);

    /// <summary>setsockopt(2): programs on a socket (SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_EBPF, ...).</summary>
    /// <returns>0 or -errno.</returns>
    int SetSocketOption(int socket, int level, int option, ReadOnlySpan<byte> value);
}
