namespace LibbpfSharp;

/// <summary>Names and meanings of <see cref="BpfErrno"/>.</summary>
public static class BpfErrnoText
{
    /// <summary>The C name, such as "ENOENT"; "errno 999" for a number without one.</summary>
    /// <param name="errno">A positive error number.</param>
    public static string Name(BpfErrno errno) => errno == BpfErrno.None ? "0" : Enum.GetName(errno) ?? $"errno {(int)errno}";

    /// <summary>The meaning in words, such as "no such entry".</summary>
    /// <param name="errno">A positive error number.</param>
    public static string Describe(BpfErrno errno) => errno switch
    {
        BpfErrno.EPERM => "not permitted",
        BpfErrno.ENOENT => "no such entry",
        BpfErrno.ESRCH => "no such process or type",
        BpfErrno.EINTR => "interrupted",
        BpfErrno.EIO => "input/output error",
        BpfErrno.ENXIO => "no such device or address",
        BpfErrno.E2BIG => "too big or full",
        BpfErrno.EBADF => "bad file descriptor",
        BpfErrno.EAGAIN => "try again",
        BpfErrno.ENOMEM => "out of memory",
        BpfErrno.EACCES => "access denied",
        BpfErrno.EFAULT => "bad address",
        BpfErrno.EBUSY => "busy",
        BpfErrno.EEXIST => "exists already",
        BpfErrno.EXDEV => "cross-device link",
        BpfErrno.ENODEV => "no such device",
        BpfErrno.ENOTDIR => "not a directory",
        BpfErrno.EISDIR => "is a directory",
        BpfErrno.EINVAL => "invalid argument",
        BpfErrno.ENFILE => "too many open files in the system",
        BpfErrno.EMFILE => "too many open files in the process",
        BpfErrno.ENOTTY => "inappropriate operation for the descriptor",
        BpfErrno.ENOSPC => "no space left",
        BpfErrno.EROFS => "read-only file system",
        BpfErrno.EDOM => "argument out of domain",
        BpfErrno.ERANGE => "result out of range",
        BpfErrno.EDEADLK => "deadlock",
        BpfErrno.ENAMETOOLONG => "name too long",
        BpfErrno.ENOSYS => "no such system call",
        BpfErrno.ELOOP => "too many levels",
        BpfErrno.ENODATA => "no data",
        BpfErrno.ENOLINK => "link has been severed",
        BpfErrno.EPROTO => "protocol error",
        BpfErrno.EBADMSG => "bad message",
        BpfErrno.EBADFD => "descriptor in bad state",
        BpfErrno.EILSEQ => "illegal byte sequence",
        BpfErrno.ENOTSOCK => "not a socket",
        BpfErrno.EMSGSIZE => "message too long",
        BpfErrno.EPROTONOSUPPORT => "protocol not supported",
        BpfErrno.EOPNOTSUPP => "operation not supported",
        BpfErrno.EAFNOSUPPORT => "address family not supported",
        BpfErrno.EADDRINUSE => "address in use",
        BpfErrno.ETIMEDOUT => "timed out",
        BpfErrno.ENOBUFS => "no buffer space",
        BpfErrno.EINPROGRESS => "in progress",
        BpfErrno.ESTALE => "stale revision or handle",
        BpfErrno.ECANCELED => "canceled",
        BpfErrno.ENOTSUPP => "operation not supported (kernel-internal number that bpf(2) lets out)",
        _ => "unknown error",
    };
}
