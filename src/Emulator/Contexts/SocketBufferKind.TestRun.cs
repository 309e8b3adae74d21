using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <content>BPF_PROG_TEST_RUN as net/bpf/test_run.c has it for socket buffers.</content>
internal sealed unsafe partial class SocketBufferKind
{
    private const uint FlagChecksumComplete = 1 << 2;
    private const uint MaximumGsoSegments = 65535;
    private const uint MaximumGsoSize = 65536;

    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (type is BpfProgramType.SkSkb or BpfProgramType.LwtSeg6Local)
            return -Errno.ENOTSUPP;
        if ((attr.flags & ~FlagChecksumComplete) != 0 || attr.cpu != 0 || attr.batch_size != 0)
            return -Errno.EINVAL;
        int error = request.ReadData((uint)(request.Kernel.Facts.PageSize - Headroom - Tailroom), out ReadOnlySpan<byte> frame);
        if (error != 0)
            return error;
        Span<byte> user = stackalloc byte[192];
        error = request.ReadContext(user, out bool given);
        if (error != 0)
            return error;
        uint ifindex = MemoryMarshal.Read<uint>(user[40..]);
        if (given && ifindex > 1 && request.Kernel.Machine.FindInterface((int)ifindex) is null)
            return -Errno.ENODEV;
        if (request.Kernel.IsAtLeast(6, 18) && IsHeaderCut(frame))
            return -Errno.EINVAL;

        using SocketBufferState skb = CreateState(request.Program, frame, given && ifindex > 1 ? ifindex : 1);
        PacketBuffer packet = skb.Packet;
        if ((attr.flags & FlagChecksumComplete) != 0)
        {
            skb.ChecksumState = SkbChecksum.Complete;
            skb.Checksum = InternetChecksum.Partial(frame[(SeesLinkHeader ? 0 : EthernetHeader)..], 0);
        }

        if (given && !ReadUserFields(skb, user))
            return -Errno.EINVAL;
        if (given && skb.WireLength == 0) // the kernel sets it with the context only
            skb.WireLength = skb.Length;
        error = request.Repeat(null, 0, skb, attr.repeat);
        if (error != 0)
            return error;

        if (!SeesLinkHeader)
        {
            // The header comes back as zeros, as the kernel pushes it.
            packet.DataOffset -= EthernetHeader;
            packet.Data[..EthernetHeader].Clear();
        }

        error = request.WriteResults(packet.Data);
        if (error != 0 || !given)
            return error;
        WriteUserFields(skb, user);
        return request.WriteContext(user);
    }

    /// <summary>An IP packet that ends inside its fixed header, which 6.18 no longer takes.</summary>
    private static bool IsHeaderCut(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
    {
        0x0800 => frame.Length - EthernetHeader < 20,
        0x86dd => frame.Length - EthernetHeader < 40,
        _ => false,
    };

    /// <summary>An sk_buff over a copy of a frame, as the program's type sees it: with or without the link header.</summary>
    public static SocketBufferState CreateState(EmulatedProgram program, ReadOnlySpan<byte> frame, uint ifindex)
    {
        var kind = program.Kind as SocketBufferKind;
        int room = Math.Max(program.Kernel.Facts.PageSize - Headroom - frame.Length, Tailroom);
        var packet = new PacketBuffer(Headroom, frame.Length, room);
        frame.CopyTo(packet.Data);
        var socket = new SocketView();
        var skb = new SocketBufferState(packet, kind?.IsPacketWritable ?? false) { Ifindex = ifindex, Socket = socket };
        if (frame.Length < EthernetHeader)
            return skb;
        skb.ReadEthernetHeader(frame);
        ReadAddresses(socket, frame);
        if (kind is null || kind.SeesLinkHeader)
        {
            packet.NetworkOffset = EthernetHeader;
        }
        else
        {
            packet.DataOffset += EthernetHeader;
            packet.MetaOffset = packet.DataOffset;
            packet.LinkOffset = -EthernetHeader;
        }

        return skb;
    }

    // The fields that the caller may set; all others must be zero.
    private static bool ReadUserFields(SocketBufferState skb, ReadOnlySpan<byte> user)
    {
        ReadOnlySpan<(int Start, int End)> unused = [(0, 8), (12, 32), (44, 48), (68, 152), (168, 176), (180, 184)];
        foreach ((int start, int end) in unused)
        {
            if (user[start..end].ContainsAnyExcept((byte)0))
                return false;
        }

        skb.Mark = Word(user, 8);
        skb.Priority = Word(user, 32);
        skb.IngressIfindex = Word(user, 36);
        for (int i = 0; i < 5; i++)
            skb.Control[i] = Word(user, 48 + (i * 4));
        skb.Timestamp = MemoryMarshal.Read<ulong>(user[152..]);
        skb.WireLength = Word(user, 160);
        skb.GsoSegments = Word(user, 164);
        skb.GsoSize = Word(user, 176);
        skb.HardwareTimestamp = MemoryMarshal.Read<ulong>(user[184..]);
        return (skb.WireLength == 0 || (skb.WireLength >= skb.Length && skb.WireLength <= MaximumGsoSize)) && skb.GsoSegments <= MaximumGsoSegments;
    }

    private static void WriteUserFields(SocketBufferState skb, Span<byte> user)
    {
        MemoryMarshal.Write(user[8..], skb.Mark);
        MemoryMarshal.Write(user[32..], skb.Priority);
        MemoryMarshal.Write(user[36..], skb.IngressIfindex);
        MemoryMarshal.Write(user[40..], skb.Ifindex);
        for (int i = 0; i < 5; i++)
            MemoryMarshal.Write(user[(48 + (i * 4))..], skb.Control[i]);
        MemoryMarshal.Write(user[152..], skb.Timestamp);
        MemoryMarshal.Write(user[160..], skb.WireLength);
        MemoryMarshal.Write(user[164..], skb.GsoSegments);
        MemoryMarshal.Write(user[184..], skb.HardwareTimestamp);
    }

    private static uint Word(ReadOnlySpan<byte> user, int offset) => MemoryMarshal.Read<uint>(user[offset..]);

    // The test socket takes its addresses from the packet.
    private static void ReadAddresses(SocketView socket, ReadOnlySpan<byte> frame)
    {
        const ushort Ip4 = 0x0800, Ip6 = 0x86dd;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        ReadOnlySpan<byte> network = frame[EthernetHeader..];
        if (type == Ip4)
        {
            socket.Family = SocketView.FamilyInet;
            if (network.Length >= 20)
            {
                socket.LocalIp4 = MemoryMarshal.Read<uint>(network[12..]);
                socket.RemoteIp4 = MemoryMarshal.Read<uint>(network[16..]);
            }
        }
        else if (type == Ip6)
        {
            socket.Family = SocketView.FamilyInet6;
            if (network.Length >= 40)
            {
                MemoryMarshal.Cast<byte, uint>(network.Slice(8, 16)).CopyTo(socket.LocalIp6);
                MemoryMarshal.Cast<byte, uint>(network.Slice(24, 16)).CopyTo(socket.RemoteIp6);
            }
        }
    }
}
