using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The BTF of a map's key and value: its sizes, the fields that the kernel owns, and what types refuse it.</summary>
internal static class MapBtfChecks
{
    /// <summary>Checks the ids of the attributes and gives the map its BTF.</summary>
    /// <returns>0 or -errno.</returns>
    public static int Apply(EmulatedKernel kernel, EmulatedMap map, ref bpf_attr_map_create attr, MapSpec spec)
    {
        _ = spec;
        int error = kernel.Find(attr.btf_fd, out EmulatedBtf? btf);
        if (error != 0)
            return error;
        if (btf!.IsKernel)
            return -Errno.EACCES;
        btf.Acquire();
        map.Btf = btf;
        map.BtfKeyTypeId = attr.btf_key_type_id;
        map.BtfValueTypeId = attr.btf_value_type_id;
        return 0;
    }
}
