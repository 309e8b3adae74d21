namespace LibbpfSharp;

/// <summary>A program on packets as the driver receives them (4.8).</summary>
public sealed class BpfXdpProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfXdpProgram(BpfProgram program)
        : base(program, "an XDP program", BpfProgramType.Xdp)
    {
    }

    /// <summary>Attaches with a link (5.9): Dispose detaches.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="mode">In the driver, generic, on the card.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string interfaceName, BpfXdpMode mode = BpfXdpMode.Automatic) =>
        Attach(AttachErrors.InterfaceIndex(Program, interfaceName), mode);

    /// <inheritdoc cref="Attach(string, BpfXdpMode)"/>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="mode">In the driver, generic, on the card.</param>
    public BpfLink Attach(int interfaceIndex, BpfXdpMode mode = BpfXdpMode.Automatic) => NetworkAttach.Xdp(Program, interfaceIndex, mode);

    /// <summary>Attaches by netlink: the program stays when the process ends, unless the result is disposed of.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="mode">In the driver, generic, on the card.</param>
    /// <param name="replace">The program that must be attached now and is replaced; null if none may be.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachWithoutLink(string interfaceName, BpfXdpMode mode = BpfXdpMode.Automatic, BpfProgram? replace = null) =>
        NetworkAttach.XdpWithoutLink(Program, AttachErrors.InterfaceIndex(Program, interfaceName), mode, replace);
}
