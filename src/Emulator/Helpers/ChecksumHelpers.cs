using System.Buffers.Binary;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over checksums.</summary>
internal static class ChecksumHelpers
{
    public static unsafe void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.L3CsumReplace, "4.1", TcAndXmit, ReturnKind.Integer, [Context, Anything, Anything, Anything, Anything], &Layer3Replace, changesPacket: true);
        table.Add(BpfHelperId.L4CsumReplace, "4.1", TcAndXmit, ReturnKind.Integer, [Context, Anything, Anything, Anything, Anything], &Layer4Replace, changesPacket: true);
        table.Add(BpfHelperId.CsumDiff, "4.6", TrafficControl | Lwt | Xdp, ReturnKind.Integer, [MemoryOrNull, SizeOrZero, MemoryOrNull, SizeOrZero, Anything], &Difference);
        table.Add(BpfHelperId.CsumUpdate, "4.9", TcAndXmit, ReturnKind.Integer, [Context, Anything], &Update);
        table.Add(BpfHelperId.CsumLevel, "5.7", TcAndXmit, ReturnKind.Integer, [Context, Anything], &Level);
    }

    private static ulong Layer3Replace(RunContext run, ulong context, ulong offset, ulong from, ulong to, ulong flags)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if ((flags & ~0xfUL) != 0)
            return Error(Errno.EINVAL);
        if (!TryFind(skb, (uint)offset, out Span<byte> field))
            return Error(Errno.EFAULT);
        ushort sum = BinaryPrimitives.ReadUInt16LittleEndian(field);
        switch (flags)
        {
            case 0 when from == 0:
                sum = InternetChecksum.ReplaceByDifference(sum, (uint)to);
                break;
            case 2:
                sum = InternetChecksum.Replace2(sum, (ushort)from, (ushort)to);
                break;
            case 4:
                sum = InternetChecksum.Replace4(sum, (uint)from, (uint)to);
                break;
            default:
                skb.Packet.Publish(run);
                return Error(Errno.EINVAL);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(field, sum);
        skb.Packet.Publish(run);
        return 0;
    }

    private static ulong Layer4Replace(RunContext run, ulong context, ulong offset, ulong from, ulong to, ulong flags)
    {
        const ulong Pseudo = 1 << 4, MarkMangled = 1 << 5, MarkEnforce = 1 << 6, Ip6 = 1 << 7;
        SocketBufferState skb = run.SocketBuffer(context);
        if ((flags & ~(Pseudo | MarkMangled | MarkEnforce | Ip6 | 0xfUL)) != 0)
            return Error(Errno.EINVAL);
        if (!TryFind(skb, (uint)offset, out Span<byte> field))
            return Error(Errno.EFAULT);
        skb.Packet.Publish(run);
        ushort sum = BinaryPrimitives.ReadUInt16LittleEndian(field);
        bool marksZero = (flags & MarkMangled) != 0;
        if (marksZero && (flags & MarkEnforce) == 0 && sum == 0)
            return 0;
        bool pseudo = (flags & Pseudo) != 0;
        switch (flags & 0xf)
        {
            case 0 when from == 0:
                if (skb.ChecksumState == SkbChecksum.Complete && pseudo)
                    skb.Checksum = ~InternetChecksum.Add((uint)to, ~skb.Checksum);
                sum = InternetChecksum.ReplaceByDifference(sum, (uint)to);
                break;
            case 2:
                sum = Replace(skb, sum, (ushort)from, (ushort)to, pseudo);
                break;
            case 4:
                sum = Replace(skb, sum, (uint)from, (uint)to, pseudo);
                break;
            default:
                return Error(Errno.EINVAL);
        }

        if (marksZero && sum == 0)
            sum = 0xffff;
        BinaryPrimitives.WriteUInt16LittleEndian(field, sum);
        return 0;
    }

    // inet_proto_csum_replace4
    private static ushort Replace(SocketBufferState skb, ushort sum, uint from, uint to, bool pseudo)
    {
        if (skb.ChecksumState == SkbChecksum.Complete && pseudo)
            skb.Checksum = ~InternetChecksum.Add(InternetChecksum.Subtract(~skb.Checksum, from), to);
        return InternetChecksum.Replace4(sum, from, to);
    }

    private static ulong Difference(RunContext run, ulong from, ulong fromSize, ulong to, ulong toSize, ulong seed)
    {
        ReadOnlySpan<byte> old = run.ReadSpan(from, fromSize);
        ReadOnlySpan<byte> now = run.ReadSpan(to, toSize);
        bool folds = run.Kernel.IsAtLeast(6, 13);
        if (!folds && ((old.Length | now.Length) & 3) != 0)
            return Error(Errno.EINVAL);
        uint sum = (uint)seed;
        if (!old.IsEmpty && !now.IsEmpty)
            sum = InternetChecksum.Subtract(InternetChecksum.Partial(now, sum), InternetChecksum.Partial(old, 0));
        else if (!now.IsEmpty)
            sum = InternetChecksum.Partial(now, sum);
        else if (!old.IsEmpty)
            sum = ~InternetChecksum.Partial(old, ~sum);

        // Folded, and of any length, since 6.13; before, the 32-bit sum was returned as the architecture had it.
        return folds ? InternetChecksum.From32To16(sum) : sum;
    }

    private static ulong Update(RunContext run, ulong context, ulong sum, ulong r3, ulong r4, ulong r5)
    {
        SocketBufferState skb = run.SocketBuffer(context);
        if (skb.ChecksumState != SkbChecksum.Complete)
            return Error(Errno.ENOTSUPP);
        skb.Checksum = InternetChecksum.Add(skb.Checksum, (uint)sum);
        return skb.Checksum;
    }

    private static ulong Level(RunContext run, ulong context, ulong level, ulong r3, ulong r4, ulong r5)
    {
        const ulong Query = 0, Increase = 1, Decrease = 2, Reset = 3;
        SocketBufferState skb = run.SocketBuffer(context);
        bool verified = skb.ChecksumState == SkbChecksum.Unnecessary;
        switch (level)
        {
            case Query:
                return verified ? skb.ChecksumLevel : Error(Errno.EACCES);
            case Increase when verified && skb.ChecksumLevel < 3:
                skb.ChecksumLevel++;
                return 0;
            case Decrease when verified:
                if (skb.ChecksumLevel == 0)
                    skb.ChecksumState = SkbChecksum.None;
                else
                    skb.ChecksumLevel--;
                return 0;
            case Reset when verified:
                skb.ChecksumState = SkbChecksum.None;
                skb.ChecksumLevel = 0;
                return 0;
            case Increase or Decrease or Reset:
                return 0;
            default:
                return Error(Errno.EINVAL);
        }
    }

    private static bool TryFind(SocketBufferState skb, uint offset, out Span<byte> field)
    {
        field = default;
        if (offset > 0xffff || (offset & 1) != 0 || offset + 2 > skb.Length)
            return false;
        field = skb.Packet.Data.Slice((int)offset, 2);
        return true;
    }
}
