using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>bpf_lwt_push_encap: an IP header and what follows it before the packet. Segment routing is as on a kernel without CONFIG_IPV6_SEG6_BPF.</summary>
internal static unsafe class LightweightTunnelHelpers
{
    private const int MaximumHeadroom = 256; // LWT_BPF_MAX_HEADROOM
    private const int Ip4Header = 20, Ip6Header = 40, Ip4Checksum = 10;

    public static void Declare(HelperTable table) => table.Add(
        BpfHelperId.LwtPushEncap, "4.18", ProgramTypeSet.Of(BpfProgramType.LwtIn, BpfProgramType.LwtXmit), ReturnKind.Integer, [Context, Anything, Memory, Size], &PushEncapsulation, changesPacket: true);

    private static ulong PushEncapsulation(RunContext run, ulong context, ulong type, ulong header, ulong length, ulong r5)
    {
        const uint Ip = 2;
        SocketBufferState skb = run.SocketBuffer(context);
        ReadOnlySpan<byte> pushed = run.ReadSpan(header, length);
        if ((uint)type != Ip || pushed.Length is < Ip4Header or > MaximumHeadroom)
            return Error(Errno.EINVAL);
        int version = pushed[0] >> 4;
        int wordsLength = (pushed[0] & 15) * 4;
        if (version switch { 4 => pushed.Length < wordsLength, 6 => pushed.Length < Ip6Header, _ => true })
            return Error(Errno.EINVAL);

        PacketBuffer packet = skb.Packet;
        packet.EnsureRoom(pushed.Length, 0);
        packet.DataOffset -= pushed.Length;
        packet.MetaOffset = packet.DataOffset;
        packet.LinkOffset += pushed.Length;
        packet.NetworkOffset = 0;
        Span<byte> target = packet.Data[..pushed.Length];
        pushed.CopyTo(target);
        skb.Protocol = version == 4 ? SocketBufferState.ProtocolIp4 : SocketBufferState.ProtocolIp6;
        skb.IsEncapsulated = true;
        skb.ClearHash();
        if (version == 4 && target[Ip4Checksum] == 0 && target[Ip4Checksum + 1] == 0)
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(target[Ip4Checksum..], InternetChecksum.Fold(InternetChecksum.Block(target[..wordsLength], 0)));
        packet.Publish(run);
        return 0;
    }
}
