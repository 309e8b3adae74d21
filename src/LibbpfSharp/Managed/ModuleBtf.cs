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
        uint id = 0;
        while (true)
        {
            BpfAttr next = default;
            next.get_id.id = id;
            int result = kernel.Bpf(BpfCommand.BtfGetNextId, ref next, 12);
            KernelErrors.Check(result, kernel, "finding the BTF", $"module '{module}'", result == -(int)BpfErrno.ENOENT ? "The module was unloaded meanwhile." : null);
            id = next.get_id.next_id;
            int fd = OpenById(kernel, id);
            if (fd == -(int)BpfErrno.ENOENT)
                continue; // gone meanwhile
            KernelErrors.Check(fd, kernel, "BPF_BTF_GET_FD_BY_ID", $"BTF {id}");
            if (NameOf(kernel, fd) == module)
                return fd;
            kernel.Close(fd);
        }
    }

    /// <summary>BPF_BTF_GET_FD_BY_ID.</summary>
    public static int OpenById(IBpfKernel kernel, uint id)
    {
        BpfAttr attr = default;
        attr.get_id.id = id;
        return kernel.Bpf(BpfCommand.BtfGetFdById, ref attr, 12);
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
