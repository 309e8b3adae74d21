using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over an xdp_buff.</summary>
internal static unsafe class XdpHelpers
{
    /// <summary>Bytes at the front of the headroom that belong to the kernel (struct xdp_frame).</summary>
    private const int FrameSize = 40;
    private const int LinkHeader = 14;
    private const int SharedInfo = 320;
    private const int MaximumMetadata = 252;

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.XdpAdjustHead, "4.10", Xdp, ReturnKind.Integer, [Context, Anything], &AdjustHead, changesPacket: true);
        table.Add(BpfHelperId.XdpAdjustMeta, "4.15", Xdp, ReturnKind.Integer, [Context, Anything], &AdjustMeta, changesPacket: true);
        table.Add(BpfHelperId.XdpAdjustTail, "4.18", Xdp, ReturnKind.Integer, [Context, Anything], &AdjustTail, changesPacket: true);
        table.Add(BpfHelperId.XdpGetBuffLen, "5.18", Xdp | Btf, ReturnKind.Integer, [Context], &GetLength);
        table.Add(BpfHelperId.XdpLoadBytes, "5.18", Xdp, ReturnKind.Integer, [Context, Anything, WritableMemory, Size], &LoadBytes);
        table.Add(BpfHelperId.XdpStoreBytes, "5.18", Xdp, ReturnKind.Integer, [Context, Anything, WritableMemory, Size], &StoreBytes);
    }

    private static ulong AdjustHead(RunContext run, ulong context, ulong delta, ulong r3, ulong r4, ulong r5)
    {
        PacketBuffer packet = run.XdpBuffer(context).Packet;
        int offset = (int)delta;
        int metadata = packet.DataOffset - packet.MetaOffset;
        long data = packet.DataOffset + (long)offset;
        if (data < FrameSize + metadata || data > packet.EndOffset - LinkHeader)
            return Error(Errno.EINVAL);
        if (metadata > 0)
            Buffer.MemoryCopy(packet.Memory + packet.MetaOffset, packet.Memory + packet.MetaOffset + offset, metadata, metadata);
        packet.MetaOffset += offset;
        packet.DataOffset = (int)data;
        packet.Publish(run);
        return 0;
    }

    private static ulong AdjustMeta(RunContext run, ulong context, ulong delta, ulong r3, ulong r4, ulong r5)
    {
        PacketBuffer packet = run.XdpBuffer(context).Packet;
        long meta = packet.MetaOffset + (long)(int)delta;
        if (meta < FrameSize || meta > packet.DataOffset)
            return Error(Errno.EINVAL);
        long length = packet.DataOffset - meta;
        if ((length & 3) != 0 || length > MaximumMetadata)
            return Error(Errno.EACCES);
        packet.MetaOffset = (int)meta;
        packet.Publish(run);
        return 0;
    }

    private static ulong AdjustTail(RunContext run, ulong context, ulong delta, ulong r3, ulong r4, ulong r5)
    {
        PacketBuffer packet = run.XdpBuffer(context).Packet;
        int offset = (int)delta;
        long end = packet.EndOffset + (long)offset;
        if (end > run.Kernel.Facts.PageSize - SharedInfo || end < packet.DataOffset + LinkHeader)
            return Error(Errno.EINVAL);
        if (offset > 0)
        {
            packet.EnsureRoom(0, offset);
            new Span<byte>(packet.Memory + packet.EndOffset, offset).Clear();
        }

        packet.EndOffset += offset;
        packet.Publish(run);
        return 0;
    }

    private static ulong GetLength(RunContext run, ulong context, ulong r2, ulong r3, ulong r4, ulong r5) =>
        (ulong)run.XdpBuffer(context).Packet.Length;

    private static ulong LoadBytes(RunContext run, ulong context, ulong offset, ulong to, ulong length, ulong r5)
    {
        Span<byte> target = run.WriteSpan(to, length);
        int error = Find(run, context, (uint)offset, (uint)length, out Span<byte> data);
        if (error == 0)
            data.CopyTo(target);
        return (ulong)(long)error;
    }

    private static ulong StoreBytes(RunContext run, ulong context, ulong offset, ulong from, ulong length, ulong r5)
    {
        ReadOnlySpan<byte> source = run.ReadSpan(from, length);
        int error = Find(run, context, (uint)offset, (uint)length, out Span<byte> data);
        if (error == 0)
            source.CopyTo(data);
        return (ulong)(long)error;
    }

    private static int Find(RunContext run, ulong context, uint offset, uint length, out Span<byte> data)
    {
        PacketBuffer packet = run.XdpBuffer(context).Packet;
        data = default;
        if (offset > 0xffff || length > 0xffff)
            return -Errno.EFAULT;
        if (offset + length > packet.Length)
            return -Errno.EINVAL;
        data = packet.Data.Slice((int)offset, (int)length);
        return 0;
    }
}
