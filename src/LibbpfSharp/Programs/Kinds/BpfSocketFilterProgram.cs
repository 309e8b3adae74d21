namespace LibbpfSharp;

/// <summary>A program that decides how much of a packet a socket gets (3.19).</summary>
public sealed class BpfSocketFilterProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfSocketFilterProgram(BpfProgram program)
        : base(program, "a socket filter", BpfProgramType.SocketFilter)
    {
    }

    /// <summary>Attaches to a socket.</summary>
    /// <param name="socket">The socket, which the caller keeps open.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(System.Net.Sockets.Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return Attach((int)socket.Handle);
    }

    /// <inheritdoc cref="Attach(System.Net.Sockets.Socket)"/>
    /// <param name="socket">Descriptor of the socket.</param>
    public BpfLink Attach(int socket) => SocketAttach.Filter(Program, socket);
}
