using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>BPF_OBJ_GET_INFO_BY_FD of a program.</summary>
internal static class ProgramInfo
{
    public static int Write(EmulatedProgram program, ref bpf_attr_info attr)
    {
        _ = program;
        _ = attr;
        return -Errno.EINVAL;
    }
}
