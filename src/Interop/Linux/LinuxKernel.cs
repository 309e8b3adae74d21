using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LibbpfSharp.Interop;

/// <summary>The Linux kernel of this host, by system calls. It has no state: there is one, <see cref="Instance"/>.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class LinuxKernel : IBpfKernel
{
    private const int PerfFlagCloseOnExec = 8;
    private readonly LinuxFacts _facts = new();

    private LinuxKernel()
    {
    }

    /// <summary>The host's kernel.</summary>
    public static LinuxKernel Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => $"Linux {_facts.ReleaseText}";

    /// <inheritdoc/>
    public bool IsEmulated => false;

    /// <inheritdoc/>
    public IKernelFacts Facts => _facts;

    /// <inheritdoc/>
    public IKernelNetwork Network => LinuxNetwork.Instance;

    /// <inheritdoc/>
    public int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
    {
        fixed (BpfAttr* pointer = &attr)
        {
            return libc.Errno(libc.syscall(SystemCallNumbers.Bpf, (nint)command, (nint)pointer, (nint)size, 0, 0));
        }
    }

    /// <inheritdoc/>
    public int MapMemory(int fd, nuint length, MemoryProtection protection, MemorySharing sharing, ulong offset, ref nint address)
    {
        nint result = libc.mmap(address, length, (int)protection, (int)sharing, fd, (nint)offset);
        if (result == -1)
            return -Marshal.GetLastSystemError();
        address = result;
        return 0;
    }

    /// <inheritdoc/>
    public int UnmapMemory(nint address, nuint length) => libc.Errno(libc.munmap(address, length));

    /// <inheritdoc/>
    public int ProtectMemory(nint address, nuint length, MemoryProtection protection) => libc.Errno(libc.mprotect(address, length, (int)protection));

    /// <inheritdoc/>
    public int CreateWaiter(out IKernelWaiter? waiter) => LinuxWaiter.Create(this, out waiter);

    /// <inheritdoc/>
    public int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            int result;
            do
            {
                result = libc.Errno(libc.read(fd, pointer, (nuint)buffer.Length));
            }
            while (result == -libc.EINTR);
            return result;
        }
    }

    /// <inheritdoc/>
    public int OpenPerfEvent(ref byte attr, int processId, int cpu, int groupFd, uint flags)
    {
        fixed (byte* pointer = &attr)
        {
            return libc.Errno(libc.syscall(SystemCallNumbers.PerfEventOpen, (nint)pointer, processId, cpu, groupFd, (nint)(flags | PerfFlagCloseOnExec)));
        }
    }

    /// <inheritdoc/>
    public int ControlPerfEvent(int fd, uint request, ulong argument) => libc.Errno(libc.ioctl(fd, request, (nuint)argument));

    /// <inheritdoc/>
    public int Duplicate(int fd) => libc.Errno(libc.fcntl(fd, libc.F_DUPFD_CLOEXEC, 3));

    /// <inheritdoc/>
    public int Close(int fd) => libc.Errno(libc.close(fd));

    /// <inheritdoc/>
    public int OpenPath(string path) => libc.Errno(libc.open(path, libc.O_RDONLY | libc.O_CLOEXEC, 0));

    /// <inheritdoc/>
    public int OpenProcess(int processId) => libc.Errno(libc.syscall(SystemCallNumbers.PidFdOpen, processId, 0, 0, 0, 0));

    /// <inheritdoc/>
    public int CreateDirectory(string path) => libc.Errno(libc.mkdir(path, 0x1C0));

    /// <inheritdoc/>
    public int RemovePath(string path)
    {
        int result = libc.Errno(libc.unlink(path));
        return result == -libc.EISDIR ? libc.Errno(libc.rmdir(path)) : result;
    }

    /// <inheritdoc/>
    public int ListDirectory(string path, out IReadOnlyList<string> names)
    {
        names = [];
        int fd = libc.Errno(libc.open(path, libc.O_RDONLY | libc.O_CLOEXEC | libc.O_DIRECTORY, 0));
        if (fd < 0)
            return fd;
        libc.close(fd);
        names = HostFiles.ListDirectory(path);
        return 0;
    }

    /// <inheritdoc/>
    public int SetSocketOption(int socket, int level, int option, ReadOnlySpan<byte> value)
    {
        fixed (byte* pointer = value)
        {
            return libc.Errno(libc.setsockopt(socket, level, option, pointer, (uint)value.Length));
        }
    }
}
