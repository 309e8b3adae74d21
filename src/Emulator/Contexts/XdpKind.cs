using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>XDP: struct xdp_md over an xdp_buff.</summary>
internal sealed unsafe class XdpKind : ProgramKind
{
    private const uint Loopback = 1;
    private const int Headroom = 256;
    private const int Tailroom = 320;
    private const int FrameSize = 40;
    private const uint MaximumData = 45 * 4096;
    private const uint FlagLiveFrames = 1 << 1;

    public override BpfProgramType Type => BpfProgramType.Xdp;

    public override string Name => "xdp";

    public override uint ContextSize => 24;

    public override bool TryLoad(RunContext run, uint offset, int size, out ulong value)
    {
        value = 0;
        if (size != 4 || (offset & 3) != 0 || run.ContextState is not XdpState state)
            return false;
        value = offset switch
        {
            0 => state.Packet.DataAddress,
            4 => state.Packet.EndAddress,
            8 => state.Packet.MetaAddress,
            12 => state.IngressIfindex,
            16 => state.RxQueueIndex,
            _ => state.EgressIfindex,
        };
        return offset < 20 || run.Program.ExpectedAttachType == BpfAttachType.XdpDevmap;
    }

    // Only devices that offload XDP may take the one writable field, rx_queue_index.
    public override bool TryStore(RunContext run, uint offset, int size, ulong value) => false;

    public override int TestRun(ProgramTestRun request)
    {
        ref Interop.bpf_attr_test attr = ref request.Attr;
        bool live = (attr.flags & FlagLiveFrames) != 0;
        if (request.Program.ExpectedAttachType is BpfAttachType.XdpDevmap or BpfAttachType.XdpCpumap || (attr.flags & ~FlagLiveFrames) != 0)
            return -Errno.EINVAL;
        if (live ? attr.batch_size > 256 : attr.batch_size != 0)
            return live ? -Errno.E2BIG : -Errno.EINVAL;

        Span<byte> md = stackalloc byte[24];
        int error = request.ReadContext(md, out bool given);
        if (error != 0)
            return error;
        Span<uint> fields = MemoryMarshal.Cast<byte, uint>(md);
        uint metadata = 0;
        if (given)
        {
            (uint data, uint dataEnd, uint dataMeta) = (fields[0], fields[1], fields[2]);
            if (dataMeta != 0 || dataEnd > attr.data_size_in || data > dataEnd || (live && (attr.data_out != 0 || attr.ctx_out != 0)))
                return -Errno.EINVAL;
            metadata = data;
            if ((metadata & 3) != 0 || metadata > Headroom - FrameSize || metadata > 255)
                return -Errno.EINVAL;
        }

        error = request.ReadData(MaximumData, out ReadOnlySpan<byte> bytes);
        if (error != 0)
            return error;
        if (given)
        {
            if (fields[5] != 0 || (fields[3] == 0 && fields[4] != 0))
                return -Errno.EINVAL;

            // Interface 1, the loopback, is always there; it has one queue.
            if (fields[3] > 1 && request.Kernel.Machine.FindInterface((int)fields[3]) is null)
                return -Errno.ENODEV;
            if (fields[3] == 1 && fields[4] > 0)
                return -Errno.EINVAL;
        }

        // Metadata comes first in data_in, before the frame. What does not fit one page, or lies behind a data_end that the
        // caller gave, is in fragments, which programs see through helpers only.
        int largest = request.Kernel.Facts.PageSize - (Headroom - (int)metadata) - Tailroom;
        int linear = Math.Min(given ? (int)fields[1] : bytes.Length, largest);
        using var packet = new PacketBuffer(Headroom - (int)metadata, linear, largest - linear);
        packet.DataOffset += (int)metadata;
        bytes[..linear].CopyTo(new Span<byte>(packet.Memory + packet.MetaOffset, linear));
        var state = new XdpState(packet)
        {
            IngressIfindex = given && fields[3] != 0 ? fields[3] : Loopback,
            RxQueueIndex = given ? fields[4] : 0,
            Fragments = bytes[linear..].ToArray(),
        };
        error = request.Repeat(null, 0, state, attr.repeat);
        if (error != 0)
            return error;

        var result = new ReadOnlySpan<byte>(packet.Memory + packet.MetaOffset, packet.EndOffset - packet.MetaOffset);
        error = request.WriteResults(state.Fragments.Length == 0 ? result : [.. result, .. state.Fragments]);
        if (error != 0 || !given)
            return error;
        fields[0] = (uint)(packet.DataOffset - packet.MetaOffset);
        fields[1] = (uint)(packet.EndOffset - packet.MetaOffset);
        return request.WriteContext(md);
    }

    public override (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => null;
}
