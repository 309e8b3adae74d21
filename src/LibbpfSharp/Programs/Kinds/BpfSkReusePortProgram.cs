namespace LibbpfSharp;

/// <summary>A program that chooses among sockets that share a port (4.19).</summary>
public sealed class BpfSkReusePortProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfSkReusePortProgram(BpfProgram program)
        : base(program, "a SO_REUSEPORT program", BpfProgramType.SkReusePort, BpfProgramType.SocketFilter)
    {
    }

    /// <summary>Attaches to the group of a socket.</summary>
    /// <param name="socket">A socket with SO_REUSEPORT, which the caller keeps open.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(System.Net.Sockets.Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return SocketAttach.ReusePort(Program, (int)socket.Handle);
    }

    /// <inheritdoc cref="Attach(System.Net.Sockets.Socket)"/>
    /// <param name="socket">Descriptor of such a socket.</param>
    public BpfLink Attach(int socket) => SocketAttach.ReusePort(Program, socket);
}
