using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>The commands of bpf(2) that are about programs, links and what they attach to.</summary>
internal sealed unsafe partial class ProgramCommands(EmulatedKernel kernel)
{
    /// <summary>Loaded programs by id.</summary>
    public IdTable<EmulatedProgram> Loaded { get; } = new();

    /// <summary>Runs a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="attr">A whole attribute: what the caller left out is zero. Results go back to the caller.</param>
    /// <returns>The command's result or -errno.</returns>
    public int Execute(BpfCommand command, ref BpfAttr attr)
    {
        int end = LastFieldEnd(command);
        if (end >= 0 && !AttrTail.IsZero(ref attr, BpfAttr.ByteSize, (uint)end))
            return -Errno.EINVAL;
        return command switch
        {
            BpfCommand.ProgLoad => Load(ref attr.prog_load),
            BpfCommand.ProgTestRun => ProgramTestRun.Execute(kernel, ref attr),
            BpfCommand.ProgGetNextId => EmulatedKernel.GetNextId(Loaded, ref attr.get_id),
            BpfCommand.ProgGetFdById => GetFdById(in attr.get_id),
            BpfCommand.ProgBindMap => -Errno.EINVAL,
            BpfCommand.ProgStreamReadByFd => ProgramStreams.Read(kernel, in attr.prog_stream_read),
            BpfCommand.EnableStats => EnableStatistics(attr.enable_stats.type),
            _ => ExecuteLink(command, ref attr),
        };
    }

    /// <summary>Releases what the kernel-owned fields of a map value refer to (timers, kptrs); the value is going away.</summary>
    public void ReleaseFields(EmulatedMap map, byte* value) => ValueFields.Release(map.Kernel, map.Fields!, value);

    /// <summary>setsockopt(2) of a stand-in socket.</summary>
    public int SetSocketOption(EmulatedSocket socket, int level, int option, ReadOnlySpan<byte> value) =>
        SocketAttachments.SetOption(kernel, socket, level, option, value);

    private static int LastFieldEnd(BpfCommand command) => command switch
    {
        BpfCommand.ProgTestRun => 76,
        BpfCommand.ProgGetFdById or BpfCommand.LinkGetFdById => 4,
        BpfCommand.ProgAttach => 32,
        BpfCommand.ProgDetach => 32,
        BpfCommand.RawTracepointOpen => 24,
        BpfCommand.LinkUpdate => 16,
        BpfCommand.LinkDetach => 4,
        BpfCommand.EnableStats => 4,
        BpfCommand.IterCreate => 8,
        BpfCommand.ProgBindMap => 12,
        BpfCommand.ProgStreamReadByFd => 20,
        _ => -1,
    };

    private int GetFdById(in bpf_attr_get_id attr) =>
        Loaded.TryAcquire(attr.id, out EmulatedProgram? program) ? kernel.OpenDescriptor(program) : -Errno.ENOENT;

    private int EnableStatistics(uint type)
    {
        const uint RunTime = 0;
        return type == RunTime ? kernel.OpenDescriptor(new StatisticsSwitch(kernel)) : -Errno.EINVAL;
    }
}
