using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>Pins in the kernel's own name space (bpffs).</summary>
internal static unsafe class PinPaths
{
    /// <summary>BPF_OBJ_PIN; 0 or -errno.</summary>
    public static int Pin(IBpfKernel kernel, int fd, string path)
    {
        fixed (byte* name = Encode(path))
        {
            bpf_attr_obj attr = default;
            attr.pathname = (ulong)name;
            attr.bpf_fd = (uint)fd;
            return kernel.Bpf(BpfCommand.ObjPin, ref BpfAttr.From(ref attr), 16);
        }
    }

    /// <summary>BPF_OBJ_GET; a descriptor or -errno.</summary>
    public static int Open(IBpfKernel kernel, string path, uint flags)
    {
        fixed (byte* name = Encode(path))
        {
            bpf_attr_obj attr = default;
            attr.pathname = (ulong)name;
            attr.file_flags = flags;
            return kernel.Bpf(BpfCommand.ObjGet, ref BpfAttr.From(ref attr), 16);
        }
    }

    /// <summary>Returns the result or throws for -errno, with what it means of a path.</summary>
    public static int Check(int result, IBpfKernel kernel, string operation, string subject, string path)
    {
        if (result >= 0)
            return result;
        string? mount = kernel.Facts.FindMount("bpf");
        throw KernelErrors.Create(result, kernel, operation, subject, (BpfErrno)(-result) switch
        {
            _ when mount is null => $"'{path}' must be on a bpffs, and none is mounted: mount -t bpf bpf /sys/fs/bpf",
            BpfErrno.EEXIST => $"'{path}' exists already: remove it, or choose another name.",
            BpfErrno.ENOENT => operation == "BPF_OBJ_PIN" ? $"The folder of '{path}' does not exist: create it below {mount}." : $"There is nothing at '{path}'.",
            BpfErrno.EPERM when !IsBelow(path, mount) => $"'{path}' is not on a bpffs; one is mounted at {mount}.",
            BpfErrno.EPERM when path[(path.LastIndexOf('/') + 1)..].Contains('.', StringComparison.Ordinal) => $"Names on a bpffs contain no '.', as '{path}' does.",
            BpfErrno.EROFS => $"The bpffs of '{path}' is mounted read-only here: mount -o remount,rw {mount}, or bind it writable into the container.",
            BpfErrno.EACCES when operation == "BPF_OBJ_PIN" => $"This process may not write to the folder of '{path}'.",
            BpfErrno.EACCES => $"'{path}' is not a pin, or this process may not open it.",
            _ => null,
        });
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
