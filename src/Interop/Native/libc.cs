using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>The C library, in its own names: the one place of the product that calls it.</summary>
internal static unsafe partial class libc
{
    public const int PROT_READ = 1;
    public const int MAP_FIXED = 0x10;
    public const int F_DUPFD_CLOEXEC = 1030;
    public const int O_RDONLY = 0;
    public const int O_DIRECTORY = 0x10000;
    public const int O_CLOEXEC = 0x80000;
    public const int O_NONBLOCK = 0x800;
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const uint EPOLLIN = 1;
    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;
    public const int AT_REMOVEDIR = 0x200;
    public const int AF_NETLINK = 16;
    public const int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    public const int NETLINK_ROUTE = 0;
    public const int SOL_NETLINK = 270;
    public const int NETLINK_EXT_ACK = 11;
    public const int EISDIR = 21;
    public const int EINTR = 4;
    public const int ENOSYS = 38;

    static libc() => NativeLibraries.Install();

    // syscall(2) is variadic; passing integers only, the calling convention is that of a plain function on every
    // Linux ABI. errno is read right after the call: no SetLastError, which would cost on every success.
    [LibraryImport(NativeLibraries.Libc)]
    public static partial nint syscall(nint number, nint a1, nint a2, nint a3, nint a4, nint a5);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int close(int fd);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport(NativeLibraries.Libc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, int mode);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int ioctl(int fd, nuint request, nuint argument);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int epoll_create1(int flags);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int epoll_ctl(int epfd, int operation, int fd, byte* ev);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int epoll_wait(int epfd, byte* events, int maxEvents, int timeout);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport(NativeLibraries.Libc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdir(string path, uint mode);

    [LibraryImport(NativeLibraries.Libc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport(NativeLibraries.Libc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rmdir(string path);

    [LibraryImport(NativeLibraries.Libc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint if_nametoindex(string name);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int setsockopt(int socket, int level, int option, byte* value, uint length);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial nint send(int socket, byte* data, nuint length, int flags);

    [LibraryImport(NativeLibraries.Libc)]
    public static partial nint recv(int socket, byte* data, nuint length, int flags);

    // The va_list of a libbpf callback, as the pointer (or pointer-sized value) the C ABIs pass it as.
    [LibraryImport(NativeLibraries.Libc)]
    public static partial int vsnprintf(byte* buffer, nuint size, byte* format, void* arguments);

    /// <summary>The result of a call that gives -1 and errno, as -errno.</summary>
    public static int Errno(int result) => result >= 0 ? result : -Marshal.GetLastSystemError();

    /// <inheritdoc cref="Errno(int)"/>
    public static int Errno(nint result) => result >= 0 ? (int)result : -Marshal.GetLastSystemError();
}
