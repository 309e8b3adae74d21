using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>Links and attachments.</content>
internal sealed unsafe partial class ProgramCommands
{
    private static int ExecuteLink(BpfCommand command, ref BpfAttr attr)
    {
        _ = command;
        _ = attr;
        return -Errno.EINVAL;
    }
}
