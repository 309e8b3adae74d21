using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The commands of bpf(2) that are about programs, links and what they attach to.</summary>
internal sealed unsafe class ProgramCommands(EmulatedKernel kernel)
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="attr">A whole attribute: what the caller left out is zero. Results go back to the caller.</param>
    /// <returns>The command's result or -errno.</returns>
    public int Execute(BpfCommand command, ref BpfAttr attr)
    {
        _ = kernel;
        return -Errno.EINVAL;
    }

    /// <summary>Releases what the kernel-owned fields of a map value refer to (timers, kptrs); the value is going away.</summary>
    public void ReleaseFields(EmulatedMap map, byte* value)
    {
    }

    /// <summary>setsockopt(2) of a stand-in socket.</summary>
    public int SetSocketOption(EmulatedSocket socket, int level, int option, ReadOnlySpan<byte> value) => -Errno.EOPNOTSUPP;
}
