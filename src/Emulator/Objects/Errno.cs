namespace LibbpfSharp.Emulator;

/// <summary>Error numbers by their C names, as ints: commands and helpers return them negated.</summary>
internal static class Errno
{
    public const int EPERM = (int)BpfErrno.EPERM;
    public const int ENOENT = (int)BpfErrno.ENOENT;
    public const int ESRCH = (int)BpfErrno.ESRCH;
    public const int ENXIO = (int)BpfErrno.ENXIO;
    public const int E2BIG = (int)BpfErrno.E2BIG;
    public const int EBADF = (int)BpfErrno.EBADF;
    public const int EAGAIN = (int)BpfErrno.EAGAIN;
    public const int ENOMEM = (int)BpfErrno.ENOMEM;
    public const int EACCES = (int)BpfErrno.EACCES;
    public const int EFAULT = (int)BpfErrno.EFAULT;
    public const int EBUSY = (int)BpfErrno.EBUSY;
    public const int EEXIST = (int)BpfErrno.EEXIST;
    public const int ENODEV = (int)BpfErrno.ENODEV;
    public const int ENOTDIR = (int)BpfErrno.ENOTDIR;
    public const int EISDIR = (int)BpfErrno.EISDIR;
    public const int EINVAL = (int)BpfErrno.EINVAL;
    public const int EMFILE = (int)BpfErrno.EMFILE;
    public const int ENOTTY = (int)BpfErrno.ENOTTY;
    public const int ENOSPC = (int)BpfErrno.ENOSPC;
    public const int ERANGE = (int)BpfErrno.ERANGE;
    public const int ENAMETOOLONG = (int)BpfErrno.ENAMETOOLONG;
    public const int ENOSYS = (int)BpfErrno.ENOSYS;
    public const int ENOTEMPTY = 39;
    public const int ENOMSG = 42;
    public const int EOVERFLOW = 75;
    public const int ELOOP = (int)BpfErrno.ELOOP;
    public const int EPROTO = (int)BpfErrno.EPROTO;
    public const int EBADFD = (int)BpfErrno.EBADFD;
    public const int ENOTSOCK = (int)BpfErrno.ENOTSOCK;
    public const int EMSGSIZE = (int)BpfErrno.EMSGSIZE;
    public const int EPROTONOSUPPORT = (int)BpfErrno.EPROTONOSUPPORT;
    public const int EOPNOTSUPP = (int)BpfErrno.EOPNOTSUPP;
    public const int ENOTSUPP = (int)BpfErrno.ENOTSUPP;
}
