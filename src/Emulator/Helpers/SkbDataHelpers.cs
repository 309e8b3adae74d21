using System.Buffers.Binary;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers that read, write and resize the bytes of a socket buffer.</summary>
internal static unsafe class SkbDataHelpers
{
    /// <summary>Largest socket buffer that helpers make (BPF_SKB_MAX_LEN).</summary>
    public const int MaximumLength = (4 * 4096) - 320;

    private const ulong RecomputeChecksum = 1, InvalidateHash = 2;

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.SkbStoreBytes, "4.1", TcAndXmit | SkSkb, ReturnKind.Integer, [Context, Anything, Memory, Size, Anything], &StoreBytes, changesPacket: true);
        table.Add(BpfHelperId.SkbLoadBytes, "4.5", SkbReaders, ReturnKind.Integer, [Context, Anything, WritableMemory, Size], &LoadBytes);
        table.Add(BpfHelperId.SkbLoadBytesRelative, "4.18", SocketFilter | CgroupSkb | TrafficControl | ReusePort, ReturnKind.Integer, [Context, Anything, WritableMemory, Size, Anything], &LoadBytesRelative);
        table.Add(BpfHelperId.SkbPullData, "4.9", Lwt | TrafficControl | SkSkb, ReturnKind.Integer, [Context, Anything], &PullData, changesPacket: true);
        table.Add(BpfHelperId.SkbChangeTail, "4.9", TcAndXmit | SkSkb, ReturnKind.Integer, [Context, Anything, Anything], &ChangeTail, changesPacket: true);
        table.Add(BpfHelperId.SkbChangeHead, "4.10", TcAndXmit | SkSkb, ReturnKind.Integer, [Context, Anything, Anything], &ChangeHead, changesPacket: true);
        table.Add(BpfHelperId.SkbChangeProto, "4.8", TrafficControl, ReturnKind.Integer, [Context, Anything, Anything], &ChangeProtocol, changesPacket: true);
        table.Add(BpfHelperId.SkbAdjustRoom, "4.13", TrafficControl | SkSkb, ReturnKind.Integer, [Context, Anything, Anything, Anything], &AdjustRoom, changesPacket: true);
    }

    private static ulong StoreBytes(RunContext run, ulong context, ulong offset, ulong from, ulong length, ulong flags)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        ReadOnlySpan<byte> source = run.ReadSpan(from, length);
        if ((flags & ~(RecomputeChecksum | InvalidateHash)) != 0)
            return Error(Errno.EINVAL);
        uint at = (uint)offset;
        if (at > int.MaxValue || at + (ulong)source.Length > skb.Length)
            return Error(Errno.EFAULT);
        Span<byte> target = skb.Packet.Data.Slice((int)at, source.Length);
        if ((flags & RecomputeChecksum) != 0 && skb.ChecksumState == SkbChecksum.Complete)
        {
            uint sum = InternetChecksum.Subtract(skb.Checksum, InternetChecksum.Block(target, (int)at));
            source.CopyTo(target);
            skb.Checksum = InternetChecksum.Add(sum, InternetChecksum.Block(target, (int)at));
        }
        else
        {
            source.CopyTo(target);
        }

        if ((flags & InvalidateHash) != 0)
            skb.ClearHash();
        skb.Packet.Publish(run);
        return 0;
    }

    private static ulong LoadBytes(RunContext run, ulong context, ulong offset, ulong to, ulong length, ulong r5)
    {
        // A flow dissector's test run has data but no socket buffer to load from.
        ReadOnlySpan<byte> data = run.ContextState is FlowDissectorState && context == run.ContextAddress
            ? default
            : run.SocketBuffer(context).Packet.Data;
        Span<byte> target = run.WriteSpan(to, length);
        uint at = (uint)offset;
        if (at > int.MaxValue || at + (ulong)target.Length > (uint)data.Length)
        {
            target.Clear();
            return Error(Errno.EFAULT);
        }

        data.Slice((int)at, target.Length).CopyTo(target);
        return 0;
    }

    private static ulong LoadBytesRelative(RunContext run, ulong context, ulong offset, ulong to, ulong length, ulong startHeader)
    {
        const ulong MacHeader = 0, NetworkHeader = 1;
        PacketBuffer packet = run.SocketBuffer(context).Packet;
        Span<byte> target = run.WriteSpan(to, length);
        uint at = (uint)offset;
        long start = (uint)startHeader switch
        {
            (uint)MacHeader => packet.DataOffset + packet.LinkOffset,
            (uint)NetworkHeader => packet.DataOffset + packet.NetworkOffset,
            _ => -1,
        };
        if (at > 0xffff || start < 0 || start + at + target.Length > packet.EndOffset)
        {
            target.Clear();
            return Error(Errno.EFAULT);
        }

        new ReadOnlySpan<byte>(packet.Memory + start + at, target.Length).CopyTo(target);
        return 0;
    }

    // All data is in one piece here, so there is nothing to pull; but packet pointers are void, as on Linux.
    private static ulong PullData(RunContext run, ulong context, ulong length, ulong r3, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if ((uint)length > skb.Length)
            return Error(Errno.ENOMEM);
        skb.Packet.Publish(run);
        return 0;
    }

    private static ulong ChangeTail(RunContext run, ulong context, ulong newLength, ulong flags, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        PacketBuffer packet = skb.Packet;
        uint length = (uint)newLength;
        int minimum = run.Program.Type == BpfProgramType.SkSkb ? 0 : packet.NetworkOffset;
        if (flags != 0 || length > MaximumLength || length < minimum)
            return Error(Errno.EINVAL);
        if (skb.IsEncapsulated)
            return Error(Errno.ENOTSUPP);
        int grown = (int)length - packet.Length;
        if (grown > 0)
        {
            packet.EnsureRoom(0, grown);
            new Span<byte>(packet.Memory + packet.EndOffset, grown).Clear();
        }

        packet.EndOffset += grown;
        skb.ForgetChecksum();
        packet.Publish(run);
        return 0;
    }

    private static ulong ChangeHead(RunContext run, ulong context, ulong headroom, ulong flags, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        PacketBuffer packet = skb.Packet;
        uint room = (uint)headroom;
        if (flags != 0 || room > MaximumLength || (ulong)skb.Length + room > MaximumLength)
            return Error(Errno.EINVAL);
        packet.EnsureRoom((int)room, 0);
        packet.DataOffset -= (int)room;
        packet.NetworkOffset += (int)room;
        packet.LinkOffset = 0;
        new Span<byte>(packet.DataPointer, (int)room).Clear();
        packet.MetaOffset = packet.DataOffset;
        packet.Publish(run);
        return 0;
    }

    private static ulong ChangeProtocol(RunContext run, ulong context, ulong protocol, ulong flags, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if (flags != 0)
            return Error(Errno.EINVAL);
        ushort from = (ushort)skb.Protocol;
        ushort to = (ushort)protocol;
        int difference = (from, to) switch
        {
            (SocketBufferState.ProtocolIp4, SocketBufferState.ProtocolIp6) => 20,
            (SocketBufferState.ProtocolIp6, SocketBufferState.ProtocolIp4) => -20,
            _ => 0,
        };
        if (difference == 0)
            return Error(Errno.ENOTSUPP);
        Insert(skb, skb.Packet.NetworkOffset - Math.Max(skb.Packet.LinkOffset, 0), difference);
        skb.Protocol = to;
        skb.ClearHash();
        skb.Packet.Publish(run);
        return 0;
    }

    private static ulong AdjustRoom(RunContext run, ulong context, ulong difference, ulong mode, ulong flags, ulong r5)
    {
        const ulong EncapIp4 = 2, EncapIp6 = 4, EncapGre = 8, EncapUdp = 16, NoChecksumReset = 32, EncapEthernet = 64, DecapIp4 = 128, DecapIp6 = 256;
        const int Already = 114; // EALREADY
        const ulong InnerLengthMask = 0xffUL << 56, FixedGso = 1;
        const ulong Known = FixedGso | EncapIp4 | EncapIp6 | EncapGre | EncapUdp | NoChecksumReset | EncapEthernet | DecapIp4 | DecapIp6 | InnerLengthMask;
        SocketBufferState skb = run.SocketBuffer(context);
        PacketBuffer packet = skb.Packet;
        if (run.Program.Type == BpfProgramType.SkSkb)
            return AdjustStreamRoom(run, skb, (int)difference, (uint)mode, flags);
        int change = (int)difference;
        uint size = (uint)Math.Abs((long)change);
        if ((flags & ~Known) != 0)
            return Error(Errno.EINVAL);
        if (size > 0xfff)
            return Error(Errno.EFAULT);
        int baseLength = skb.Protocol switch { SocketBufferState.ProtocolIp4 => 20, SocketBufferState.ProtocolIp6 => 40, _ => 0 };
        if (baseLength == 0)
            return Error(Errno.ENOTSUPP);
        int offset = packet.NetworkOffset - packet.LinkOffset;
        const uint ModeNetwork = 0, ModeMac = 1;
        switch ((uint)mode)
        {
            case ModeNetwork:
                offset += baseLength;
                break;
            case ModeMac:
                break;
            default:
                return Error(Errno.ENOTSUPP);
        }

        int minimum = baseLength;
        if ((flags & (DecapIp4 | DecapIp6)) != 0)
        {
            if (change >= 0 || (flags & (DecapIp4 | DecapIp6)) == (DecapIp4 | DecapIp6))
                return Error(Errno.EINVAL);
            minimum = (flags & DecapIp4) != 0 ? 20 : 40;
        }

        int current = packet.Length - packet.NetworkOffset;
        if (change < 0 ? size >= current || current - size < minimum : packet.Length + size > MaximumLength)
            return Error(Errno.ENOTSUPP);
        bool encapsulates = (flags & (EncapIp4 | EncapIp6)) != 0;
        if (change >= 0 && encapsulates)
        {
            if (skb.Protocol is not (SocketBufferState.ProtocolIp4 or SocketBufferState.ProtocolIp6))
                return Error(Errno.ENOTSUPP);
            if ((flags & EncapIp4) != 0 && (flags & EncapIp6) != 0)
                return Error(Errno.EINVAL);
            if ((flags & EncapGre) != 0 && (flags & EncapUdp) != 0)
                return Error(Errno.EINVAL);
            uint innerLinkHeader = (uint)(flags >> 56);
            if ((flags & EncapEthernet) != 0 && innerLinkHeader < 14)
                return Error(Errno.EINVAL);
            if (skb.IsEncapsulated)
                return Error(Already);
            if (innerLinkHeader > size)
                return Error(Errno.EINVAL);
            skb.IsEncapsulated = true;
            skb.Protocol = (flags & EncapIp6) != 0 ? SocketBufferState.ProtocolIp6 : SocketBufferState.ProtocolIp4;
        }
        else if (change < 0 && (flags & (DecapIp4 | DecapIp6)) != 0)
        {
            skb.Protocol = (flags & DecapIp6) != 0 ? SocketBufferState.ProtocolIp6 : SocketBufferState.ProtocolIp4;
        }

        if (change != 0)
            Insert(skb, offset + packet.LinkOffset, change);
        packet.Publish(run);
        return 0;
    }

    // sk_skb: a stream has only payload; room is made or taken at its front.
    private static ulong AdjustStreamRoom(RunContext run, SocketBufferState skb, int change, uint mode, ulong flags)
    {
        if (flags != 0)
            return Error(Errno.EINVAL);
        if (Math.Abs((long)change) > 0xfff)
            return Error(Errno.EFAULT);
        if (mode != 0)
            return Error(Errno.ENOTSUPP);
        if (change < 0 && -change > skb.Packet.Length)
            return Error(Errno.EINVAL);
        Insert(skb, 0, change);
        skb.Packet.Publish(run);
        return 0;
    }

    /// <summary>Makes room of zeros at an offset of the data, or takes bytes away there; what lies before moves.</summary>
    public static void Insert(SocketBufferState skb, int offset, int change)
    {
        PacketBuffer packet = skb.Packet;
        if (change > 0)
            packet.EnsureRoom(change, 0);
        byte* oldData = packet.DataPointer;
        packet.DataOffset -= change;
        packet.MetaOffset = packet.DataOffset;
        byte* data = packet.DataPointer;
        Buffer.MemoryCopy(oldData, data, offset, offset);
        if (change > 0)
            new Span<byte>(data + offset, change).Clear();
        skb.ForgetChecksum();
    }

    /// <summary>The Ethertype at an offset of the data, in network byte order as the field has it.</summary>
    public static ushort ReadType(PacketBuffer packet, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(packet.Data[offset..]);
}
