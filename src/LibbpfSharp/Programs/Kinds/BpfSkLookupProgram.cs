namespace LibbpfSharp;

/// <summary>A program that chooses the socket of a new connection (5.9).</summary>
public sealed class BpfSkLookupProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfSkLookupProgram(BpfProgram program)
        : base(program, "a socket lookup program", BpfProgramType.SkLookup)
    {
    }

    /// <summary>Attaches to a network namespace.</summary>
    /// <param name="path">The namespace, such as "/proc/self/ns/net" or "/var/run/netns/NAME".</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string path) => NetworkAttach.NetworkNamespace(Program, path, BpfAttachType.SkLookup);
}
