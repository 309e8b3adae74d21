using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>The BTF of a map, from the kernel.</summary>
internal static unsafe class MapBtf
{
    /// <summary>The BTF, or null if there is none or this process may not see it (opening BTF by id takes CAP_SYS_ADMIN).</summary>
    public static BtfData? Read(IBpfKernel kernel, uint id)
    {
        bpf_attr_get_id attr = default;
        attr.id = id;
        int fd = kernel.Bpf(BpfCommand.BtfGetFdById, ref BpfAttr.From(ref attr), 4);
        if (fd < 0)
            return null;
        try
        {
            bpf_btf_info info = default;
            if (Query(kernel, fd, ref info) < 0 || info.btf_size == 0)
                return null;
            byte[] bytes = new byte[info.btf_size];
            fixed (byte* pointer = bytes)
            {
                info = default;
                info.btf = (ulong)pointer;
                info.btf_size = (uint)bytes.Length;
                if (Query(kernel, fd, ref info) < 0)
                    return null;
            }

            return BtfData.Parse(bytes);
        }
        catch (BpfObjectFormatException)
        {
            // Split BTF, or a kind that is newer than this library: nothing to compare with.
            return null;
        }
        finally
        {
            kernel.Close(fd);
        }
    }

    private static int Query(IBpfKernel kernel, int fd, ref bpf_btf_info info)
    {
        fixed (bpf_btf_info* pointer = &info)
        {
            bpf_attr_info attr = default;
            attr.bpf_fd = (uint)fd;
            attr.info = (ulong)pointer;
            attr.info_len = (uint)sizeof(bpf_btf_info);
            return kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_info));
        }
    }
}
