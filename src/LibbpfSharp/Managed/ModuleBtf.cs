using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>BTF objects in the kernel: of modules by name, of programs by id.</summary>
internal static unsafe class ModuleBtf
{
    /// <summary>Opens the BTF of a module by walking the kernel's BTF objects.</summary>
    /// <returns>A descriptor, owned by the caller.</returns>
    public static int Open(IBpfKernel kernel, string module)
    {
        foreach (uint id in KernelObjectKind.Btf.EnumerateIds(kernel))
        {
            if (!KernelObjectKind.Btf.TryOpen(kernel, id, out int fd))
                continue; // gone meanwhile
            if (NameOf(kernel, fd) == module)
                return fd;
            kernel.Close(fd);
        }

        throw new BpfException(BpfErrno.ENOENT, "finding the BTF", $"module '{module}'", "The module was unloaded meanwhile.");
    }

    /// <summary>The bytes of a BTF object.</summary>
    public static byte[] Read(IBpfKernel kernel, int fd)
    {
        bpf_btf_info info = default;
        Query(kernel, fd, ref info);
        byte[] bytes = new byte[info.btf_size];
        fixed (byte* pointer = bytes)
        {
            info = default;
            info.btf = (ulong)pointer;
            info.btf_size = (uint)bytes.Length;
            Query(kernel, fd, ref info);
        }

        return bytes;
    }

    private static string? NameOf(IBpfKernel kernel, int fd)
    {
        byte* name = stackalloc byte[64];
        bpf_btf_info info = default;
        info.name = (ulong)name;
        info.name_len = 64;
        Query(kernel, fd, ref info);
        if (info.kernel_btf == 0)
            return null;
        int end = new ReadOnlySpan<byte>(name, 64).IndexOf((byte)0);
        return Encoding.UTF8.GetString(name, end < 0 ? 64 : end);
    }

    private static void Query(IBpfKernel kernel, int fd, ref bpf_btf_info info)
    {
        fixed (bpf_btf_info* pointer = &info)
        {
            BpfAttr attr = default;
            attr.info.bpf_fd = (uint)fd;
            attr.info.info_len = (uint)sizeof(bpf_btf_info);
            attr.info.info = (ulong)pointer;
            KernelErrors.Check(kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, 16), kernel, "BPF_OBJ_GET_INFO_BY_FD", "BTF");
        }
    }
}
