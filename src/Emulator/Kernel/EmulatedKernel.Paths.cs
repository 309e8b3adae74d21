using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>The pin name space.</content>
public sealed unsafe partial class EmulatedKernel
{
    private const uint FlagReadOnly = 8, FlagWriteOnly = 16, FlagPathFd = 1 << 14;

    /// <inheritdoc/>
    public int CreateDirectory(string path) => Pins.CreateDirectory(path);

    /// <inheritdoc/>
    public int RemovePath(string path) => Pins.Remove(path);

    /// <inheritdoc/>
    public int ListDirectory(string path, out IReadOnlyList<string> names) => Pins.List(path, out names);

    /// <summary>BPF_F_RDONLY and BPF_F_WRONLY as rights of a new descriptor.</summary>
    /// <returns>0 or -EINVAL when both are set.</returns>
    internal static int GetAccess(uint flags, out bool canRead, out bool canWrite)
    {
        canRead = (flags & FlagWriteOnly) == 0;
        canWrite = (flags & FlagReadOnly) == 0;
        return canRead || canWrite ? 0 : -Errno.EINVAL;
    }

    private int Pin(in bpf_attr_obj attr)
    {
        if ((attr.file_flags & ~FlagPathFd) != 0 || ((attr.file_flags & FlagPathFd) == 0 && attr.path_fd != 0))
            return -Errno.EINVAL;
        if (FindFile((int)attr.bpf_fd) is not { Object.CanBePinned: true } file || !file.Object.TryAcquire())
            return -Errno.EINVAL;
        int error = ReadPath(attr, out string path);
        if (error == 0)
            error = Pins.Pin(path, file.Object);
        if (error != 0)
            file.Object.Release();
        return error;
    }

    private int GetPinned(in bpf_attr_obj attr)
    {
        if (attr.bpf_fd != 0 || (attr.file_flags & ~(FlagReadOnly | FlagWriteOnly | FlagPathFd)) != 0
            || ((attr.file_flags & FlagPathFd) == 0 && attr.path_fd != 0))
            return -Errno.EINVAL;
        int error = GetAccess(attr.file_flags, out bool canRead, out bool canWrite);
        if (error != 0)
            return error;
        error = ReadPath(attr, out string path);
        if (error != 0)
            return error;
        error = Pins.Get(path, out EmulatedObject? item);
        return error != 0 ? error : OpenDescriptor(item!, canRead, canWrite);
    }

    private int ReadPath(in bpf_attr_obj attr, out string path)
    {
        int error = UserMemory.ReadString(attr.pathname, 4096, out path);
        if (error != 0 || (attr.file_flags & FlagPathFd) == 0 || path.StartsWith('/'))
            return error;
        if (FindFile(attr.path_fd) is not { } directory)
            return -Errno.EBADF;
        if (directory.Object is not PinDirectoryFile opened)
            return -Errno.ENOTDIR;
        path = $"{opened.Path}/{path}";
        return 0;
    }
}
