namespace LibbpfSharp;

/// <summary>A classifier or action of traffic control: clsact (4.5), tcx (6.6), netkit (6.7).</summary>
public sealed class BpfTcProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfTcProgram(BpfProgram program)
        : base(program, "a tc program", BpfProgramType.SchedCls, BpfProgramType.SchedAct)
    {
    }

    /// <summary>Adds it as a direct-action filter on clsact, which is added to the interface if it has none and stays.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="direction">Packets coming in or going out.</param>
    /// <param name="options">Handle, priority, replacement; null for none.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string interfaceName, BpfTcDirection direction, BpfTcOptions? options = null) =>
        NetworkAttach.Clsact(Program, AttachErrors.InterfaceIndex(Program, interfaceName), direction, options ?? new BpfTcOptions());

    /// <summary>Attaches to tcx (6.6), where programs of several owners run in order.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="direction">Packets coming in or going out.</param>
    /// <param name="anchor">Its place among the others.</param>
    /// <param name="expectedRevision">Fail with ESTALE unless the list has this revision; 0 for any.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachTcx(string interfaceName, BpfTcDirection direction, BpfAnchor anchor = default, ulong expectedRevision = 0) =>
        NetworkAttach.Tcx(Program, AttachErrors.InterfaceIndex(Program, interfaceName), direction, anchor, expectedRevision);

    /// <summary>Attaches to tcx (6.6) without a link: the program stays when the process ends, unless the result is disposed of.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="direction">Packets coming in or going out.</param>
    /// <param name="anchor">Its place among the others, or the program it replaces, which must be attached without a link too.</param>
    /// <param name="expectedRevision">Fail with ESTALE unless the list has this revision; 0 for any.</param>
    /// <returns>The attachment, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachTcxWithoutLink(string interfaceName, BpfTcDirection direction, BpfAnchor anchor = default, ulong expectedRevision = 0) =>
        NetworkAttach.TcxWithoutLink(Program, AttachErrors.InterfaceIndex(Program, interfaceName), direction, anchor, expectedRevision);

    /// <summary>Attaches to a netkit device (6.7).</summary>
    /// <param name="interfaceName">The device.</param>
    /// <param name="peer">The peer's end instead of the primary one.</param>
    /// <param name="anchor">Its place among the others.</param>
    /// <param name="expectedRevision">Fail with ESTALE unless the list has this revision; 0 for any.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachNetkit(string interfaceName, bool peer = false, BpfAnchor anchor = default, ulong expectedRevision = 0) =>
        NetworkAttach.Netkit(Program, AttachErrors.InterfaceIndex(Program, interfaceName), peer, anchor, expectedRevision);
}
