using System.Buffers.Binary;

namespace LibbpfSharp.Emulator;

/// <summary>The fields of an sk_buff that programs see.</summary>
internal sealed class SocketBufferState(PacketBuffer packet, bool isPacketWritable) : ContextState
{
    public override PacketBuffer Packet => packet;

    /// <summary>skb->len.</summary>
    public uint Length => (uint)packet.Length;

    public uint PacketType { get; set; }

    public uint Mark { get; set; }

    public uint QueueMapping { get; set; }

    /// <summary>Ethertype in network byte order, as programs see it.</summary>
    public uint Protocol { get; set; }

    public uint VlanPresent { get; set; }

    public uint VlanTci { get; set; }

    public uint VlanProtocol { get; set; }

    public uint Priority { get; set; }

    public uint IngressIfindex { get; set; }

    public uint Ifindex { get; set; }

    public uint TcIndex { get; set; }

    /// <summary>cb[5].</summary>
    public uint[] Control { get; } = new uint[5];

    public uint Hash { get; set; }

    public uint TcClassId { get; set; }

    public uint NapiId { get; set; }

    public uint Family { get; set; }

    public uint RemoteIp4 { get; set; }

    public uint LocalIp4 { get; set; }

    public uint[] RemoteIp6 { get; } = new uint[4];

    public uint[] LocalIp6 { get; } = new uint[4];

    public uint RemotePort { get; set; }

    public uint LocalPort { get; set; }

    public ulong Timestamp { get; set; }

    public uint WireLength { get; set; }

    public uint GsoSegments { get; set; }

    public uint GsoSize { get; set; }

    public uint TimestampType { get; set; }

    public ulong HardwareTimestamp { get; set; }

    /// <summary>Where bpf_redirect and its kin sent the packet, or null.</summary>
    public object? RedirectTarget { get; set; }

    public override void Enter(RunContext run)
    {
        RedirectTarget = null;
        packet.Open(run, isPacketWritable);
    }

    /// <summary>Reads the Ethernet header as eth_type_trans does: protocol and packet type.</summary>
    public void ReadEthernetHeader(ReadOnlySpan<byte> frame)
    {
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        const ushort Smallest = 0x600;
        const ushort Ieee8022 = 0x0004;
        Protocol = BinaryPrimitives.ReverseEndianness(type >= Smallest ? type : Ieee8022);
        const uint Broadcast = 1, Multicast = 2, OtherHost = 3;
        ReadOnlySpan<byte> destination = frame[..6];
        bool isBroadcast = !destination.ContainsAnyExcept((byte)0xff);
        bool isHost = !destination.ContainsAnyExcept((byte)0);
        PacketType = isBroadcast ? Broadcast : (destination[0] & 1) != 0 ? Multicast : isHost ? 0 : OtherHost;
    }
}
