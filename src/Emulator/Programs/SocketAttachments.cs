namespace LibbpfSharp.Emulator;

/// <summary>Programs attached to stand-in sockets by setsockopt(2).</summary>
internal static class SocketAttachments
{
    public static int SetOption(EmulatedKernel kernel, EmulatedSocket socket, int level, int option, ReadOnlySpan<byte> value)
    {
        _ = kernel;
        _ = socket;
        _ = level;
        _ = option;
        _ = value;
        return -Errno.EOPNOTSUPP;
    }
}
