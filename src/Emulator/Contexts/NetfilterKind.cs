using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>Netfilter: struct bpf_nf_ctx, pointers to the hook's state and to the sk_buff.</summary>
internal sealed unsafe class NetfilterKind : ProgramKind
{
    private const int StateOffset = 0, BufferOffset = 8;
    private const int EthernetHeader = 14, Ip4Header = 20, Ip6Header = 40;
    private const int HookStateSize = 48;

    public override BpfProgramType Type => BpfProgramType.Netfilter;

    public override string Name => "netfilter";

    public override uint ContextSize => 16;

    public override (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => (0, 1); // NF_DROP, NF_ACCEPT

    public override bool TryLoad(RunContext run, uint offset, int size, out ulong value)
    {
        value = 0;
        if (size != 8 || offset is not (StateOffset or BufferOffset) || run.ContextState is not SocketBufferState skb)
            return false;
        value = (offset == StateOffset ? skb.HookObject(run.Kernel) : skb.BufferObject(run.Kernel)).Address(run);
        return true;
    }

    // bpf_prog_test_run_nf: at the hook for local output the packet begins with its IP header, elsewhere with the link header.
    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        if (attr.flags != 0 || attr.cpu != 0 || attr.batch_size != 0 || attr.data_size_in < Ip4Header)
            return -Errno.EINVAL;
        int error = request.ReadData((uint)request.Kernel.Facts.PageSize, out ReadOnlySpan<byte> frame);
        if (error != 0)
            return error;
        Span<byte> user = stackalloc byte[HookStateSize];
        error = request.ReadContext(user, out bool given);
        if (error != 0)
            return error;
        var hook = new NetfilterHook(NetfilterHook.LocalOut, NetfilterHook.Ip4, HasOutput: given);
        if (given)
        {
            hook = hook with { Number = user[0], Family = user[1] };
            if (user[8..].ContainsAnyExcept((byte)0) || hook.Family is not (NetfilterHook.Ip4 or NetfilterHook.Ip6))
                return -Errno.EINVAL;
        }

        bool hasLinkHeader = hook.Number != NetfilterHook.LocalOut;
        ushort protocol = hook.Family == NetfilterHook.Ip4 ? SocketBufferState.ProtocolIp4 : SocketBufferState.ProtocolIp6;
        if (hasLinkHeader)
        {
            if (frame.Length < EthernetHeader + Ip4Header)
                return -Errno.EINVAL;
            ushort found = MemoryMarshal.Read<ushort>(frame[12..]);
            if (found is not (SocketBufferState.ProtocolIp4 or SocketBufferState.ProtocolIp6))
                return -Errno.EPROTO;
            if (found != protocol || (found == SocketBufferState.ProtocolIp6 && frame.Length < EthernetHeader + Ip6Header))
                return -Errno.EINVAL;
        }

        using var skb = new SocketBufferState(new PacketBuffer(64, frame.Length, 0), isPacketWritable: false) { Ifindex = 1, Protocol = protocol, Hook = hook };
        frame.CopyTo(skb.Packet.Data);
        if (hasLinkHeader)
        {
            skb.Packet.DataOffset += EthernetHeader;
            skb.Packet.MetaOffset = skb.Packet.DataOffset;
            skb.Packet.LinkOffset = -EthernetHeader;
        }

        error = request.Repeat(null, 0, skb, attr.repeat);
        return error != 0 ? error : request.WriteResults(default);
    }
}
