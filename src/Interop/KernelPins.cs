using System.Text;

namespace LibbpfSharp.Interop;

/// <summary>Pins of maps, programs and links in the kernel's own name space (bpffs).</summary>
internal static unsafe class KernelPins
{
    /// <summary>Makes a pin.</summary>
    public static void Pin(KernelHandle handle, string path, string subject)
    {
        IBpfKernel kernel = handle.Kernel;
        fixed (byte* name = Encode(path))
        {
            BpfAttr attr = default;
            attr.obj.pathname = (ulong)name;
            attr.obj.bpf_fd = (uint)handle.Enter();
            int result = kernel.Bpf(BpfCommand.ObjPin, ref attr, BpfAttr.ByteSize);
            handle.Exit();
            KernelErrors.Check(result, kernel, $"pinning at '{path}'", subject, Remedy(result, kernel, path, makes: true));
        }
    }

    /// <summary>Opens a pin of a kind.</summary>
    /// <returns>A descriptor, owned by the caller.</returns>
    /// <exception cref="BpfException">ENOENT: there is nothing. EINVAL: something else is pinned there. EACCES: it is not a pin.</exception>
    public static int Open(IBpfKernel kernel, string path, KernelObjectKind kind, uint flags = 0)
    {
        if (!TryOpen(kernel, path, kind, out int fd, flags))
            KernelErrors.Throw(-(int)BpfErrno.ENOENT, kernel, $"opening the pin '{path}'", null, Remedy(-(int)BpfErrno.ENOENT, kernel, path, makes: false));
        return fd;
    }

    /// <summary>Opens a pin of a kind, if there is one.</summary>
    /// <returns>False if there is nothing of that name.</returns>
    /// <exception cref="BpfException">EINVAL: something else is pinned there. EACCES: it is not a pin.</exception>
    public static bool TryOpen(IBpfKernel kernel, string path, KernelObjectKind kind, out int fd, uint flags = 0)
    {
        fixed (byte* name = Encode(path))
        {
            BpfAttr attr = default;
            attr.obj.pathname = (ulong)name;
            attr.obj.file_flags = flags;
            fd = kernel.Bpf(BpfCommand.ObjGet, ref attr, BpfAttr.ByteSize);
        }

        if (fd == -(int)BpfErrno.ENOENT)
            return false;
        KernelErrors.Check(fd, kernel, $"opening the pin '{path}'", null, Remedy(fd, kernel, path, makes: false));
        KernelObjectKind found = KernelObjectKind.OfPinned(kernel, fd);
        if (found == kind)
            return true;
        kernel.Close(fd);
        throw new BpfException(BpfErrno.EINVAL, $"opening the pin '{path}'", null, $"A {found.Name} is pinned there, not a {kind.Name}.");
    }

    /// <summary>Removes a pin.</summary>
    public static void Remove(IBpfKernel kernel, string path, string subject)
    {
        int result = kernel.RemovePath(path);
        KernelErrors.Check(result, kernel, $"removing the pin '{path}'", subject, Remedy(result, kernel, path, makes: false));
    }

    private static string? Remedy(int result, IBpfKernel kernel, string path, bool makes)
    {
        if (result >= 0)
            return null;
        string? mount = kernel.Facts.FindMount("bpf");
        return (BpfErrno)(-result) switch
        {
            BpfErrno.EEXIST => $"'{path}' exists already: remove it, or choose another name.",
            BpfErrno.EROFS => $"The bpffs of '{path}' is mounted read-only here: mount -o remount,rw {mount}, or bind it writable into the container.",
            BpfErrno.EPERM or BpfErrno.EACCES or BpfErrno.ENOENT or BpfErrno.ENOTDIR when mount is null => $"'{path}' must be on a bpffs, and none is mounted: mount -t bpf bpf /sys/fs/bpf",
            BpfErrno.ENOENT => makes ? $"The folder of '{path}' does not exist: create it below {mount}." : $"There is nothing at '{path}'.",
            BpfErrno.EPERM when !IsBelow(path, mount!) => $"'{path}' is not on a bpffs; one is mounted at {mount}.",
            BpfErrno.EPERM when path[(path.LastIndexOf('/') + 1)..].Contains('.', StringComparison.Ordinal) => $"Names on a bpffs contain no '.', as '{path}' does.",
            BpfErrno.EACCES => makes ? $"This process may not write to the folder of '{path}'." : $"'{path}' is not a pin, or this process may not open it.",
            _ => null,
        };
    }

    private static bool IsBelow(string path, string mount) => path.StartsWith(mount.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static byte[] Encode(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A path cannot contain a NUL.", nameof(path));
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
