using System.Buffers.Binary;

namespace LibbpfSharp.Emulator;

/// <summary>The fields of an sk_buff that programs see.</summary>
internal sealed class SocketBufferState(PacketBuffer packet, bool isPacketWritable) : ContextState, IDisposable
{
    private StandInObject? _hookObject;
    private StandInObject? _bufferObject;

    public override PacketBuffer Packet => packet;

    /// <summary>For netfilter: the hook.</summary>
    public NetfilterHook Hook { get; init; } = new(NetfilterHook.LocalOut, NetfilterHook.Ip4, HasOutput: false);

    /// <summary>struct nf_hook_state of the hook.</summary>
    public StandInObject HookObject(EmulatedKernel kernel) => _hookObject ??= StandInObject.OfHook(kernel, Hook);

    /// <summary>struct sk_buff as it was at the first look.</summary>
    public StandInObject BufferObject(EmulatedKernel kernel) => _bufferObject ??= StandInObject.OfSocketBuffer(kernel, this);

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

    public uint RemotePort { get; set; }

    public uint LocalPort { get; set; }

    public ulong Timestamp { get; set; }

    public uint WireLength { get; set; }

    public uint GsoSegments { get; set; }

    public uint GsoSize { get; set; }

    public uint TimestampType { get; set; }

    public ulong HardwareTimestamp { get; set; }

    /// <summary>bpf_skb_adjust_room put an outer header in front; nothing takes it back.</summary>
    public bool IsEncapsulated { get; set; }

    /// <summary>Where bpf_redirect and its kin sent the packet, or null.</summary>
    public object? RedirectTarget { get; set; }

    /// <summary>IPv4 and IPv6 in <see cref="Protocol"/>.</summary>
    public const ushort ProtocolIp4 = 0x0008, ProtocolIp6 = 0xdd86;

    /// <summary>ip_summed.</summary>
    public SkbChecksum ChecksumState { get; set; }

    /// <summary>csum, with <see cref="SkbChecksum.Complete"/>.</summary>
    public uint Checksum { get; set; }

    /// <summary>csum_level.</summary>
    public uint ChecksumLevel { get; set; }

    /// <summary>Metadata of a tunnel that bpf_skb_set_tunnel_key() set; null without.</summary>
    public byte[]? TunnelKey { get; set; }

    /// <summary>Options that a program set for the tunnel; null without.</summary>
    public byte[]? TunnelOptions { get; set; }

    /// <summary>The socket; null for a packet without one.</summary>
    public SocketView? Socket { get; set; }

    /// <summary>skb->hash is no longer known.</summary>
    public void ClearHash() => Hash = 0;

    /// <summary>The data changed so that a checksum over it means nothing any more.</summary>
    public void ForgetChecksum()
    {
        if (ChecksumState == SkbChecksum.Complete)
            ChecksumState = SkbChecksum.None;
    }

    public override void Enter(RunContext run)
    {
        RedirectTarget = null;
        packet.Open(run, isPacketWritable);
    }

    public void Dispose()
    {
        packet.Dispose();
        Socket?.Dispose();
    }

    /// <summary>Reads the Ethernet header as eth_type_trans does: protocol and packet type.</summary>
    public void ReadEthernetHeader(ReadOnlySpan<byte> frame)
    {
        Protocol = ProtocolOf(frame[12..]);
        const uint Broadcast = 1, Multicast = 2, OtherHost = 3;
        ReadOnlySpan<byte> destination = frame[..6];
        bool isBroadcast = !destination.ContainsAnyExcept((byte)0xff);
        bool isHost = !destination.ContainsAnyExcept((byte)0);
        PacketType = isBroadcast ? Broadcast : (destination[0] & 1) != 0 ? Multicast : isHost ? 0 : OtherHost;
    }

    /// <summary>What skb->protocol is by the type field and the bytes behind it: a type that is a length stands for IEEE 802.2, or 802.3 of old.</summary>
    public static ushort ProtocolOf(ReadOnlySpan<byte> type)
    {
        const ushort Smallest = 0x600, Ieee8023 = 1, Ieee8022 = 4, NoChecksum = 0xffff;
        ushort found = BinaryPrimitives.ReadUInt16BigEndian(type);
        if (found < Smallest)
            found = type.Length >= 4 && BinaryPrimitives.ReadUInt16BigEndian(type[2..]) == NoChecksum ? Ieee8023 : Ieee8022;
        return BinaryPrimitives.ReverseEndianness(found);
    }
}
