namespace LibbpfSharp;

/// <summary>Errors of the kernel by their numbers on Linux. The members keep the C names.</summary>
public enum BpfErrno
{
    /// <summary>Success.</summary>
    None = 0,

    /// <summary>Not permitted.</summary>
    EPERM = 1,

    /// <summary>No such entry.</summary>
    ENOENT = 2,

    /// <summary>No such process or type.</summary>
    ESRCH = 3,

    /// <summary>Interrupted.</summary>
    EINTR = 4,

    /// <summary>Input/output error.</summary>
    EIO = 5,

    /// <summary>No such device or address.</summary>
    ENXIO = 6,

    /// <summary>Too big or full.</summary>
    E2BIG = 7,

    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,

    /// <summary>Try again.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory.</summary>
    ENOMEM = 12,

    /// <summary>Access denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Busy.</summary>
    EBUSY = 16,

    /// <summary>Exists already.</summary>
    EEXIST = 17,

    /// <summary>Cross-device link.</summary>
    EXDEV = 18,

    /// <summary>No such device.</summary>
    ENODEV = 19,

    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,

    /// <summary>Is a directory.</summary>
    EISDIR = 21,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>Too many open files in the system.</summary>
    ENFILE = 23,

    /// <summary>Too many open files in the process.</summary>
    EMFILE = 24,

    /// <summary>Inappropriate operation for the descriptor.</summary>
    ENOTTY = 25,

    /// <summary>No space left.</summary>
    ENOSPC = 28,

    /// <summary>Read-only file system.</summary>
    EROFS = 30,

    /// <summary>Argument out of domain.</summary>
    EDOM = 33,

    /// <summary>Result out of range.</summary>
    ERANGE = 34,

    /// <summary>Deadlock.</summary>
    EDEADLK = 35,

    /// <summary>Name too long.</summary>
    ENAMETOOLONG = 36,

    /// <summary>No such system call.</summary>
    ENOSYS = 38,

    /// <summary>Too many levels.</summary>
    ELOOP = 40,

    /// <summary>No data.</summary>
    ENODATA = 61,

    /// <summary>Link has been severed.</summary>
    ENOLINK = 67,

    /// <summary>Protocol error.</summary>
    EPROTO = 71,

    /// <summary>Bad message.</summary>
    EBADMSG = 74,

    /// <summary>Descriptor in bad state.</summary>
    EBADFD = 77,

    /// <summary>Illegal byte sequence.</summary>
    EILSEQ = 84,

    /// <summary>Not a socket.</summary>
    ENOTSOCK = 88,

    /// <summary>Message too long.</summary>
    EMSGSIZE = 90,

    /// <summary>Protocol not supported.</summary>
    EPROTONOSUPPORT = 93,

    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,

    /// <summary>Address family not supported.</summary>
    EAFNOSUPPORT = 97,

    /// <summary>Address in use.</summary>
    EADDRINUSE = 98,

    /// <summary>Timed out.</summary>
    ETIMEDOUT = 110,

    /// <summary>No buffer space.</summary>
    ENOBUFS = 105,

    /// <summary>Operation now in progress.</summary>
    EINPROGRESS = 115,

    /// <summary>Stale revision or handle.</summary>
    ESTALE = 116,

    /// <summary>Canceled.</summary>
    ECANCELED = 125,

    /// <summary>Operation not supported (kernel-internal number that bpf(2) lets out).</summary>
    ENOTSUPP = 524,
}
