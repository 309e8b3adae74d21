namespace LibbpfSharp.Emulator;

/// <summary>A packet and the struct bpf_flow_keys that a flow dissector fills.</summary>
internal sealed unsafe class FlowDissectorState(PacketBuffer packet, byte* keys, uint flags, ushort protocol, int networkOffset) : ContextState
{
    public const int KeysSize = 56;

    public override PacketBuffer Packet => packet;

    /// <summary>Guest address of the keys.</summary>
    public ulong KeysAddress { get; private set; }

    public override void Enter(RunContext run)
    {
        packet.Open(run, writable: false);
        new Span<byte>(keys, KeysSize).Clear();
        *(ushort*)keys = (ushort)networkOffset;
        *(ushort*)(keys + 2) = (ushort)networkOffset;
        *(ushort*)(keys + 10) = protocol;
        *(uint*)(keys + 48) = flags;
        KeysAddress = run.OpenRegion(RegionKind.Memory, keys, KeysSize, KeysSize, this);
    }

    /// <summary>Clamps the offsets as bpf_flow_dissect does afterwards.</summary>
    public void Finish()
    {
        ushort length = (ushort)packet.Length;
        ushort network = Math.Clamp(*(ushort*)keys, (ushort)networkOffset, length);
        *(ushort*)keys = network;
        *(ushort*)(keys + 2) = Math.Clamp(*(ushort*)(keys + 2), network, length);
    }
}
