using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over what a socket buffer says of its packet: VLAN, hash, type, tunnel, time stamp, class.</summary>
internal static unsafe class SkbFieldHelpers
{
    private const ushort TypeVlan = 0x0081, TypeVlanService = 0xa888; // ETH_P_8021Q and ETH_P_8021AD in network byte order
    private const int VlanHeader = 4;
    private const int TunnelKeySize = 44;

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.SkbVlanPush, "4.3", TrafficControl, ReturnKind.Integer, [Context, Anything, Anything], &VlanPush, changesPacket: true);
        table.Add(BpfHelperId.SkbVlanPop, "4.3", TrafficControl, ReturnKind.Integer, [Context], &VlanPop, changesPacket: true);
        table.Add(BpfHelperId.SkbGetTunnelKey, "4.3", TcAndXmit, ReturnKind.Integer, [Context, WritableMemory, Size, Anything], &GetTunnelKey);
        table.Add(BpfHelperId.SkbSetTunnelKey, "4.3", TcAndXmit, ReturnKind.Integer, [Context, Memory, Size, Anything], &SetTunnelKey);
        table.Add(BpfHelperId.GetRouteRealm, "4.4", Lwt | TrafficControl, ReturnKind.Integer, [Context], &GetRouteRealm);
        table.Add(BpfHelperId.SkbChangeType, "4.8", TrafficControl, ReturnKind.Integer, [Context, Anything], &ChangeType);
        table.Add(BpfHelperId.GetHashRecalc, "4.8", Lwt | TrafficControl, ReturnKind.Integer, [Context], &GetHashRecalculated);
        table.Add(BpfHelperId.SetHashInvalid, "4.9", TcAndXmit, ReturnKind.Integer, [Context], &SetHashInvalid);
        table.Add(BpfHelperId.SetHash, "4.13", TrafficControl, ReturnKind.Integer, [Context, Anything], &SetHash);
        table.Add(BpfHelperId.SkbEcnSetCe, "5.1", TrafficControl | CgroupSkb, ReturnKind.Integer, [Context], &SetCongestionExperienced);
        table.Add(BpfHelperId.SkbSetTstamp, "5.18", TrafficControl, ReturnKind.Integer, [Context, Anything, Anything], &SetTimestamp);
        table.Add(BpfHelperId.SkbCgroupClassid, "5.10", TrafficControl, ReturnKind.Integer, [Context], &ClassId);
        table.Add(BpfHelperId.GetCgroupClassid, "4.3", ProgramTypeSet.All, ReturnKind.Integer, [Context], &ClassId);
    }

    private static ulong VlanPush(RunContext run, ulong context, ulong protocol, ulong tag, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        ushort type = (ushort)protocol is TypeVlan or TypeVlanService ? (ushort)protocol : TypeVlan;
        if (skb.VlanPresent != 0)
        {
            // The tag that the buffer carried goes into the packet.
            InsertTag(skb, (ushort)skb.VlanProtocol, (ushort)skb.VlanTci);
            skb.Protocol = skb.VlanProtocol;
        }

        skb.VlanPresent = 1;
        skb.VlanProtocol = type;
        skb.VlanTci = (ushort)tag;
        skb.Packet.Publish(run);
        return 0;
    }

    private static ulong VlanPop(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if (skb.VlanPresent != 0)
        {
            ClearTag(skb);
        }
        else
        {
            if (!IsVlan(skb.Protocol))
            {
                skb.Packet.Publish(run);
                return 0;
            }

            if (!TryRemoveTag(skb, out _))
                return Error(Errno.ENOMEM);
        }

        if (IsVlan(skb.Protocol))
        {
            uint type = skb.Protocol;
            if (!TryRemoveTag(skb, out ushort tag))
                return Error(Errno.ENOMEM);
            skb.VlanPresent = 1;
            skb.VlanProtocol = type;
            skb.VlanTci = tag;
        }

        skb.Packet.Publish(run);
        return 0;
    }

    private static bool IsVlan(uint protocol) => protocol is TypeVlan or TypeVlanService;

    private static void ClearTag(SocketBufferState skb)
    {
        skb.VlanPresent = 0;
        skb.VlanProtocol = 0;
        skb.VlanTci = 0;
    }

    private static void InsertTag(SocketBufferState skb, ushort type, ushort tag)
    {
        const int Addresses = 12;
        SkbDataHelpers.Insert(skb, Addresses, VlanHeader);
        Span<byte> data = skb.Packet.Data;
        BinaryPrimitives.WriteUInt16LittleEndian(data[Addresses..], type);
        BinaryPrimitives.WriteUInt16BigEndian(data[(Addresses + 2)..], tag);
        skb.Packet.NetworkOffset += VlanHeader;
    }

    private static bool TryRemoveTag(SocketBufferState skb, out ushort tag)
    {
        const int Addresses = 12;
        tag = 0;
        PacketBuffer packet = skb.Packet;
        if (packet.Length < 14 + VlanHeader)
            return false;
        tag = BinaryPrimitives.ReadUInt16BigEndian(packet.Data[(Addresses + 2)..]);
        ushort inner = SocketBufferState.ProtocolOf(packet.Data[(Addresses + VlanHeader)..]);
        SkbDataHelpers.Insert(skb, Addresses, -VlanHeader);
        skb.Protocol = inner;
        packet.NetworkOffset = Math.Max(packet.NetworkOffset - VlanHeader, 14);
        return true;
    }

    private static ulong SetTunnelKey(RunContext run, ulong context, ulong from, ulong size, ulong flags, ulong r5)
    {
        const ulong Ip6 = 1, ZeroChecksum = 2, DontFragment = 4, SequenceNumber = 8, NoTunnelKey = 16;
        const int Version1 = 8, Version2 = 12, Version3 = 28;
        SocketBufferState skb = run.SocketBuffer(context);
        ReadOnlySpan<byte> key = run.ReadSpan(from, size);
        if ((flags & ~(Ip6 | ZeroChecksum | DontFragment | SequenceNumber | NoTunnelKey)) != 0)
            return Error(Errno.EINVAL);
        Span<byte> whole = stackalloc byte[TunnelKeySize];
        whole.Clear();
        if (key.Length != TunnelKeySize)
        {
            // Older, shorter forms of the structure.
            if (key.Length is not (Version1 or Version2 or Version3))
                return Error(Errno.EINVAL);
        }

        key.CopyTo(whole);
        bool isIp6 = (flags & Ip6) != 0;
        uint label = MemoryMarshal.Read<uint>(whole[24..]);
        if ((!isIp6 && label != 0) || whole[22] != 0 || whole[23] != 0)
            return Error(Errno.EINVAL);
        skb.TunnelKey = [.. whole, isIp6 ? (byte)1 : (byte)0];
        return 0;
    }

    private static ulong GetTunnelKey(RunContext run, ulong context, ulong to, ulong size, ulong flags, ulong r5)
    {
        const ulong Ip6 = 1, Flags = 16;
        SocketBufferState skb = run.SocketBuffer(context);
        Span<byte> target = run.WriteSpan(to, size);
        bool isIp6 = (flags & Ip6) != 0;
        if (skb.TunnelKey is not { } key || (flags & ~(Ip6 | Flags)) != 0)
        {
            target.Clear();
            return Error(Errno.EINVAL);
        }

        if ((key[TunnelKeySize] != 0) != isIp6)
        {
            target.Clear();
            return Error((int)BpfErrno.EPROTO);
        }

        if (target.Length != TunnelKeySize && target.Length is not (8 or 12 or 28))
        {
            target.Clear();
            return Error(Errno.EINVAL);
        }

        // What was set is for sending; seen as received, its ends are exchanged.
        Span<byte> whole = stackalloc byte[TunnelKeySize];
        whole.Clear();
        key.AsSpan(0, 4).CopyTo(whole);
        int length = isIp6 ? 16 : 4;
        key.AsSpan(28, length).CopyTo(whole[4..]);
        key.AsSpan(20, 2).CopyTo(whole[20..]);
        key.AsSpan(4, length).CopyTo(whole[28..]);
        if (isIp6)
            key.AsSpan(24, 4).CopyTo(whole[24..]);
        whole[..target.Length].CopyTo(target);
        return 0;
    }

    // No routing here, hence no realm.
    private static ulong GetRouteRealm(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        run.SocketBuffer(context);
        return 0;
    }

    private static ulong ChangeType(RunContext run, ulong context, ulong type, ulong r3, ulong r4, ulong r5)
    {
        const uint OtherHost = 3;
        SocketBufferState skb = run.SocketBuffer(context);
        if (skb.PacketType > OtherHost || (uint)type > OtherHost)
            return Error(Errno.EINVAL);
        skb.PacketType = (uint)type;
        return 0;
    }

    private static ulong GetHashRecalculated(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if (skb.Hash == 0)
        {
            // Linux hashes the flow with a secret of the boot; here the secret is the seed.
            PacketBuffer packet = skb.Packet;
            ReadOnlySpan<byte> flow = packet.Data[Math.Clamp(packet.NetworkOffset, 0, packet.Length)..];
            flow = flow[..Math.Min(flow.Length, 40)];
            uint hash = (uint)run.Kernel.Options.Seed ^ 0x9E3779B9;
            foreach (byte b in flow)
                hash = (hash ^ b) * 16777619;
            skb.Hash = hash == 0 ? 1 : hash;
        }

        return skb.Hash;
    }

    private static ulong SetHashInvalid(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        run.SocketBuffer(context).ClearHash();
        return 0;
    }

    private static ulong SetHash(RunContext run, ulong context, ulong hash, ulong r3, ulong r4, ulong r5)
    {
        run.SocketBuffer(context).Hash = (uint)hash;
        return 0;
    }

    // INET_ECN_set_ce: 1 if the packet bears the mark now. A VLAN tag in the packet is seen through for the protocol alone.
    private static ulong SetCongestionExperienced(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        PacketBuffer packet = skb.Packet;
        Span<byte> header = packet.Data[Math.Clamp(packet.NetworkOffset, 0, packet.Length)..];
        const int Mask = 3, CongestionExperienced = 3;
        uint protocol = skb.Protocol;
        for (int at = packet.LinkOffset + 16; IsVlan(protocol) && at >= 0 && at + 2 <= packet.Length; at += VlanHeader)
            protocol = SkbDataHelpers.ReadType(packet, at);
        switch (protocol)
        {
            case SocketBufferState.ProtocolIp4 when header.Length >= 20:
                int ecn = (header[1] + 1) & Mask;
                if ((ecn & 2) == 0)
                    return ecn == 0 ? 1UL : 0;

                // The header's checksum follows the change.
                ushort difference = (ushort)(0xfbff + (ecn << 8));
                uint sum = (uint)BinaryPrimitives.ReadUInt16LittleEndian(header[10..]) + difference;
                BinaryPrimitives.WriteUInt16LittleEndian(header[10..], (ushort)((sum & 0xffff) + (sum >> 16)));
                header[1] |= CongestionExperienced;
                return 1;
            case SocketBufferState.ProtocolIp6 when header.Length >= 40:
                if (((header[1] >> 4) & Mask) == 0)
                    return 0;
                header[1] |= CongestionExperienced << 4;
                return 1;
            default:
                return 0;
        }
    }

    private static ulong SetTimestamp(RunContext run, ulong context, ulong time, ulong type, ulong r4, ulong r5)
    {
        const uint Realtime = 0, Monotonic = 1, Tai = 2;
        SocketBufferState skb = run.SocketBuffer(context);
        if (skb.Protocol is not (SocketBufferState.ProtocolIp4 or SocketBufferState.ProtocolIp6))
            return Error(Errno.EOPNOTSUPP);
        switch ((uint)type)
        {
            case Realtime when time != 0 && !run.Kernel.IsAtLeast(6, 10):
            case Monotonic or Tai when time == 0:
            case > Tai:
                return Error(Errno.EINVAL);
            default:
                skb.Timestamp = time;
                skb.TimestampType = (uint)type;
                return 0;
        }
    }

    private static ulong ClassId(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) => run.Task.ClassId;
}
