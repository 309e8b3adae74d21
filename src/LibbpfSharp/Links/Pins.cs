using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Pins of any object: maps, programs, links.</summary>
internal static unsafe class Pins
{
    /// <summary>Makes a pin.</summary>
    public static void Pin(KernelHandle handle, string path, string subject)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        IBpfKernel kernel = handle.Kernel;
        fixed (byte* name = ToBytes(path))
        {
            BpfAttr attr = default;
            attr.obj.pathname = (ulong)name;
            attr.obj.bpf_fd = (uint)handle.Enter();
            int result = kernel.Bpf(BpfCommand.ObjPin, ref attr, BpfAttr.ByteSize);
            handle.Exit();
            if (result < 0)
                KernelErrors.Throw(result, kernel, $"pinning at '{path}'", subject, Remedy(kernel, (BpfErrno)(-result), path));
        }
    }

    /// <summary>Opens a pin.</summary>
    /// <returns>A descriptor, owned by the caller.</returns>
    public static int Open(IBpfKernel kernel, string path)
    {
        int fd = TryOpen(kernel, path);
        if (fd < 0)
            KernelErrors.Throw(fd, kernel, $"opening the pin '{path}'", null, Remedy(kernel, (BpfErrno)(-fd), path));
        return fd;
    }

    /// <summary>Opens a pin.</summary>
    /// <returns>A descriptor, owned by the caller, or -errno.</returns>
    public static int TryOpen(IBpfKernel kernel, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        fixed (byte* name = ToBytes(path))
        {
            BpfAttr attr = default;
            attr.obj.pathname = (ulong)name;
            return kernel.Bpf(BpfCommand.ObjGet, ref attr, BpfAttr.ByteSize);
        }
    }

    /// <summary>Removes a pin.</summary>
    public static void Remove(IBpfKernel kernel, string path, string subject) =>
        KernelErrors.Check(kernel.RemovePath(path), kernel, $"removing the pin '{path}'", subject);

    private static string? Remedy(IBpfKernel kernel, BpfErrno errno, string path)
    {
        if (errno == BpfErrno.EEXIST)
            return "There is a pin of that name: remove it, or choose another name.";
        if (errno == BpfErrno.EROFS)
            return "The bpffs is mounted read-only here: remount it (mount -o remount,rw), or bind it writable into the container.";
        if (kernel.IsEmulated || errno is not (BpfErrno.EPERM or BpfErrno.ENOENT or BpfErrno.ENOTDIR))
            return null;
        string? mount = kernel.Facts.FindMount("bpf");
        if (mount is null)
            return "No bpffs is mounted: mount -t bpf bpf /sys/fs/bpf";
        return path.StartsWith(mount + "/", StringComparison.Ordinal)
            ? errno == BpfErrno.ENOENT ? "The directory or the pin does not exist." : "Names in bpffs may not contain a dot; a directory may be read-only."
            : $"Pins live in bpffs, which is mounted at {mount}.";
    }

    private static byte[] ToBytes(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
