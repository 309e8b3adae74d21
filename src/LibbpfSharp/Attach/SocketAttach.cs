using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Attachments to sockets by option. The kernel has no link for them: they end with the socket.</summary>
internal static class SocketAttach
{
    private const int SolSocket = 1;
    private const int SoDetachFilter = 27;
    private const int SoAttachBpf = 50;
    private const int SoAttachReusePortEbpf = 52;
    private const int SoDetachReusePortBpf = 68;

    /// <summary>A filter of what one socket gets.</summary>
    public static BpfLink Filter(BpfProgram program, int socket)
    {
        AttachErrors.RequireType(program, "a socket", BpfProgramType.SocketFilter);
        return Set(program, socket, SoAttachBpf, SoDetachFilter, $"socket {socket}", _ => null);
    }

    /// <summary>Selection among SO_REUSEPORT sockets.</summary>
    public static BpfLink ReusePort(BpfProgram program, int socket)
    {
        AttachErrors.RequireType(program, "a group of SO_REUSEPORT sockets", BpfProgramType.SkReusePort, BpfProgramType.SocketFilter);
        return Set(
            program,
            socket,
            SoAttachReusePortEbpf,
            SoDetachReusePortBpf,
            $"the SO_REUSEPORT group of socket {socket}",
            errno => errno == BpfErrno.EINVAL ? "Set SO_REUSEPORT on the socket before it is bound." : null);
    }

    private static unsafe BpfLink Set(BpfProgram program, int socket, int attachOption, int detachOption, string target, Func<BpfErrno, string?> remedy)
    {
        IBpfKernel kernel = program.Kernel;
        int fd = program.Handle.Enter();
        try
        {
            int result = kernel.SetSocketOption(socket, SolSocket, attachOption, new ReadOnlySpan<byte>(&fd, sizeof(int)));
            if (result < 0)
            {
                throw AttachErrors.Refused(program, result, target, remedy((BpfErrno)(-result)) ?? (BpfErrno)(-result) switch
                {
                    BpfErrno.ENOTSOCK => $"Descriptor {socket} is no socket.",
                    BpfErrno.EBADF => $"Descriptor {socket} is not open.",
                    _ => null,
                });
            }
        }
        finally
        {
            program.Handle.Exit();
        }

        return BpfLink.FromAction(kernel, $"{program.Subject} on {target}", null, () =>
        {
            int none = 0;
            int result = kernel.SetSocketOption(socket, SolSocket, detachOption, new ReadOnlySpan<byte>(&none, sizeof(int)));

            // Closed meanwhile, or taken off by someone else: it is detached.
            return result is -(int)BpfErrno.EBADF or -(int)BpfErrno.ENOENT or -(int)BpfErrno.ENOTSOCK or -(int)BpfErrno.EINVAL ? 0 : result;
        });
    }
}
