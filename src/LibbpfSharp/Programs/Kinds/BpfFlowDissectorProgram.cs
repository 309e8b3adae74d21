namespace LibbpfSharp;

/// <summary>A program that finds the headers of packets for the kernel (4.20).</summary>
public sealed class BpfFlowDissectorProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfFlowDissectorProgram(BpfProgram program)
        : base(program, "a flow dissector", BpfProgramType.FlowDissector)
    {
    }

    /// <summary>Attaches to a network namespace (with a link, 5.8).</summary>
    /// <param name="path">The namespace, such as "/proc/self/ns/net" or "/var/run/netns/NAME".</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string path) => NetworkAttach.NetworkNamespace(Program, path, BpfAttachType.FlowDissector);
}
