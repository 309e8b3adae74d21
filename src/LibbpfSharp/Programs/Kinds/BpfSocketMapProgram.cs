using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>A program on the sockets of a map: parser and verdict of streams (4.14), verdict of messages (4.17).</summary>
public sealed class BpfSocketMapProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfSocketMapProgram(BpfProgram program)
        : base(program, "a socket map program", BpfProgramType.SkMsg, BpfProgramType.SkSkb)
    {
    }

    /// <summary>Attaches to a SOCKMAP or SOCKHASH: by a link where the kernel has them (6.10), else until the result is disposed of.</summary>
    /// <param name="map">The map.</param>
    /// <param name="attachType">Where; null for what the program was loaded for.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(BpfMap map, BpfAttachType? attachType = null) =>
        Attach(map, attachType, withLink: true);

    /// <summary>Attaches to a SOCKMAP or SOCKHASH by BPF_PROG_ATTACH: the program stays until the map goes, unless the result is disposed of.</summary>
    /// <param name="map">The map.</param>
    /// <param name="attachType">Where; null for what the program was loaded for.</param>
    /// <returns>The attachment, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachWithoutLink(BpfMap map, BpfAttachType? attachType = null) => Attach(map, attachType, withLink: false);

    private BpfLink Attach(BpfMap map, BpfAttachType? attachType, bool withLink)
    {
        ArgumentNullException.ThrowIfNull(map);
        BpfAttachType type = attachType ?? (Program.Type == BpfProgramType.SkMsg ? BpfAttachType.SkMsgVerdict
            : Program.ExpectedAttachType is BpfAttachType.SkSkbStreamParser or BpfAttachType.SkSkbStreamVerdict ? Program.ExpectedAttachType
            : BpfAttachType.SkSkbVerdict);
        return CgroupAttach.SocketMap(Program, map.Handle, map.Name, type, withLink);
    }
}
