namespace LibbpfSharp.Emulator;

/// <summary>An xdp_buff.</summary>
internal sealed class XdpState(PacketBuffer packet) : ContextState
{
    public override PacketBuffer Packet => packet;

    public uint IngressIfindex { get; init; }

    public uint RxQueueIndex { get; init; }

    public uint EgressIfindex { get; init; }

    /// <summary>Bytes behind the linear part.</summary>
    public byte[] Fragments { get; init; } = [];

    /// <summary>Where bpf_redirect and its kin sent the packet: the object (map slot, interface) or null.</summary>
    public object? RedirectTarget { get; set; }

    public override void Enter(RunContext run)
    {
        RedirectTarget = null;
        packet.Open(run, writable: true);
    }
}
