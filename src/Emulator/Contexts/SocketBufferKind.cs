using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Types over struct __sk_buff.</summary>
internal sealed unsafe partial class SocketBufferKind(BpfProgramType type, string name) : ProgramKind
{
    private const int EthernetHeader = 14;
    private const int Headroom = 64; // NET_SKB_PAD + NET_IP_ALIGN on x86-64
    private const int Tailroom = 320;
    private const uint MarkField = 8, PriorityField = 32, ControlField = 48, TimestampField = 152, SocketField = 168;

    public override BpfProgramType Type => type;

    public override string Name => name;

    public override uint ContextSize => 192;

    public override bool AllowsPacketLoads => type is BpfProgramType.SocketFilter or BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.CgroupSkb;

    private bool SeesLinkHeader => type is BpfProgramType.SchedCls or BpfProgramType.SchedAct;

    private bool IsPacketWritable => type is BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.LwtXmit or BpfProgramType.SkSkb;

    private bool HasPacketPointers => type is not BpfProgramType.SocketFilter;

    public override bool TryLoad(RunContext run, uint offset, int size, out ulong value)
    {
        value = 0;
        if (run.ContextState is not SocketBufferState skb || size > 8)
            return false;
        if (offset is 76 or 80 or 140)
        {
            if (size != 4 || !HasPacketPointers)
                return false;
            value = offset switch { 76 => skb.Packet.DataAddress, 80 => skb.Packet.EndAddress, _ => skb.Packet.MetaAddress };
            return true;
        }

        if (offset == SocketField)
        {
            value = size == 8 && skb.Socket is { } socket ? socket.Address(run) : 0;
            return size == 8;
        }

        // Narrow loads of a field are allowed; across fields they are not.
        uint field = offset & ~3u;
        bool wide = field is 152 or 156 or 184 or 188 or 168 or 172;
        if (wide)
            field &= ~7u;
        uint width = wide ? 8u : 4u;
        if (offset - field + (uint)size > width || (offset & (uint)(size - 1)) != 0 || field is 168 or 144)
            return false;
        ulong whole = ReadField(skb, field);
        value = (whole >> (int)((offset - field) * 8)) & (size == 8 ? ulong.MaxValue : (1UL << (size * 8)) - 1);
        return true;
    }

    public override bool TryStore(RunContext run, uint offset, int size, ulong value)
    {
        if (run.ContextState is not SocketBufferState skb)
            return false;
        if (offset >= ControlField && offset + (uint)size <= ControlField + 20)
        {
            Span<byte> control = MemoryMarshal.AsBytes(skb.Control.AsSpan());
            new ReadOnlySpan<byte>(&value, size).CopyTo(control[(int)(offset - ControlField)..]);
            return true;
        }

        bool tc = type is BpfProgramType.SchedCls or BpfProgramType.SchedAct;
        switch (offset)
        {
            case MarkField when size == 4 && type is not BpfProgramType.SocketFilter and not BpfProgramType.SkSkb:
                skb.Mark = (uint)value;
                return true;
            case PriorityField when size == 4 && (tc || type is BpfProgramType.CgroupSkb or BpfProgramType.LwtXmit or BpfProgramType.SkSkb):
                skb.Priority = (uint)value;
                return true;
            case 12 when size == 4 && tc:
                skb.QueueMapping = (uint)value;
                return true;
            case 44 when size == 4 && (tc || type == BpfProgramType.SkSkb):
                skb.TcIndex = (uint)value;
                return true;
            case 72 when size == 4 && tc:
                skb.TcClassId = (ushort)value;
                return true;
            case TimestampField when size == 8 && (tc || type == BpfProgramType.CgroupSkb):
                skb.Timestamp = value;
                return true;
            default:
                return false;
        }
    }

    public override (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => type == BpfProgramType.CgroupSkb
        ? expectedAttachType == BpfAttachType.CgroupInetEgress ? (0, 3) : (0, 1)
        : null;

    private static ulong ReadField(SocketBufferState skb, uint field) => field switch
    {
        0 => skb.Length,
        4 => skb.PacketType,
        8 => skb.Mark,
        12 => skb.QueueMapping,
        16 => skb.Protocol,
        20 => skb.VlanPresent,
        24 => skb.VlanTci,
        28 => skb.VlanProtocol,
        32 => skb.Priority,
        36 => skb.IngressIfindex,
        40 => skb.Ifindex,
        44 => skb.TcIndex,
        >= 48 and < 68 => skb.Control[(field - 48) / 4],
        68 => skb.Hash,
        72 => skb.TcClassId,
        84 => skb.NapiId,
        88 => skb.Socket?.Family ?? 0,
        92 => skb.Socket?.RemoteIp4 ?? 0,
        96 => skb.Socket?.LocalIp4 ?? 0,
        >= 100 and < 116 => skb.Socket is null ? 0 : skb.Socket.RemoteIp6[(int)(field - 100) / 4],
        >= 116 and < 132 => skb.Socket is null ? 0 : skb.Socket.LocalIp6[(int)(field - 116) / 4],
        132 => skb.RemotePort,
        136 => skb.LocalPort,
        152 => skb.Timestamp,
        160 => skb.WireLength,
        164 => skb.GsoSegments,
        176 => skb.GsoSize,
        180 => skb.TimestampType,
        184 => skb.HardwareTimestamp,
        _ => 0,
    };
}
