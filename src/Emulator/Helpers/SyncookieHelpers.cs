using System.Buffers.Binary;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>
/// SYN cookies, built as Linux builds them (net/ipv4/syncookies.c): 8 bits of minutes and 24 of hash, in which the size of
/// segments hides. Linux takes its secret from the boot; here it is the kernel's seed.
/// </summary>
internal static unsafe class SyncookieHelpers
{
    private const int TcpHeader = 20, Ip4Header = 20, Ip6Header = 40;
    private const uint MaximumAge = 2; // minutes
    private const byte Fin = 1, Syn = 2, Rst = 4, Ack = 16;

    private static readonly ushort[] s_sizes4 = [536, 1300, 1440, 1460];
    private static readonly ushort[] s_sizes6 = [1220, 1420, 1440, 8940];

    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.TcpCheckSyncookie, "5.2", TcAndXdp, ReturnKind.Integer, [ArgumentKind.Object, Memory, Size, Memory, Size], &Check, gplOnly: true);
        table.Add(BpfHelperId.TcpGenSyncookie, "5.3", TcAndXdp, ReturnKind.Integer, [ArgumentKind.Object, Memory, Size, Memory, Size], &Generate, gplOnly: true);
        table.Add(BpfHelperId.TcpRawGenSyncookieIpv4, "6.0", TcAndXdp, ReturnKind.Integer, [ArgumentKind.Object, Memory, Size], &Generate4, gplOnly: true);
        table.Add(BpfHelperId.TcpRawGenSyncookieIpv6, "6.0", TcAndXdp, ReturnKind.Integer, [ArgumentKind.Object, Memory, Size], &Generate6, gplOnly: true);
        table.Add(BpfHelperId.TcpRawCheckSyncookieIpv4, "6.0", TcAndXdp, ReturnKind.Integer, [ArgumentKind.Object, ArgumentKind.Object], &Check4, gplOnly: true);
        table.Add(BpfHelperId.TcpRawCheckSyncookieIpv6, "6.0", TcAndXdp, ReturnKind.Integer, [ArgumentKind.Object, ArgumentKind.Object], &Check6, gplOnly: true);
    }

    private static ulong Generate4(RunContext run, ulong ip, ulong tcp, ulong size, ulong r4, ulong r5) =>
        Generate(run, new ReadOnlySpan<byte>(run.Read(ip, Ip4Header), Ip4Header), run.ReadSpan(tcp, size));

    private static ulong Generate6(RunContext run, ulong ip, ulong tcp, ulong size, ulong r4, ulong r5) =>
        Generate(run, new ReadOnlySpan<byte>(run.Read(ip, Ip6Header), Ip6Header), run.ReadSpan(tcp, size));

    private static ulong Generate(RunContext run, ReadOnlySpan<byte> ip, ReadOnlySpan<byte> tcp)
    {
        if (tcp.Length < TcpHeader || tcp.Length != HeaderLength(tcp))
            return Error(Errno.EINVAL);
        ushort[] sizes = ip.Length == Ip4Header ? s_sizes4 : s_sizes6;
        int wanted = FindSegmentSize(tcp);
        if (wanted == 0)
            wanted = ip.Length == Ip4Header ? 536 : 1280 - Ip6Header - TcpHeader;
        int index = sizes.Length - 1;
        while (index > 0 && wanted < sizes[index])
            index--;
        uint minutes = Minutes(run);
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]);
        uint cookie = Hash(run, ip, tcp, 0, 0) + sequence + (minutes << 24) + ((Hash(run, ip, tcp, minutes, 1) + (uint)index) & 0xffffff);
        return cookie | ((ulong)sizes[index] << 32);
    }

    private static ulong Check4(RunContext run, ulong ip, ulong tcp, ulong r3, ulong r4, ulong r5) =>
        Matches(run, new ReadOnlySpan<byte>(run.Read(ip, Ip4Header), Ip4Header), new ReadOnlySpan<byte>(run.Read(tcp, TcpHeader), TcpHeader)) ? 0 : Error(Errno.EACCES);

    private static ulong Check6(RunContext run, ulong ip, ulong tcp, ulong r3, ulong r4, ulong r5) =>
        Matches(run, new ReadOnlySpan<byte>(run.Read(ip, Ip6Header), Ip6Header), new ReadOnlySpan<byte>(run.Read(tcp, TcpHeader), TcpHeader)) ? 0 : Error(Errno.EACCES);

    // The packet acknowledges the cookie: it is the acknowledgement less one, made for the sequence less one.
    private static bool Matches(RunContext run, ReadOnlySpan<byte> ip, ReadOnlySpan<byte> tcp)
    {
        uint cookie = BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]) - 1;
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]) - 1;
        uint minutes = Minutes(run);
        cookie -= Hash(run, ip, tcp, 0, 0) + sequence;
        uint age = (minutes - (cookie >> 24)) & 0xff;
        if (age >= MaximumAge)
            return false;
        uint index = (cookie - Hash(run, ip, tcp, minutes - age, 1)) & 0xffffff;
        return index < (uint)(ip.Length == Ip4Header ? s_sizes4 : s_sizes6).Length;
    }

    private static ulong Generate(RunContext run, ulong socket, ulong ip, ulong ipSize, ulong tcp, ulong tcpSize)
    {
        ReadOnlySpan<byte> header = run.ReadSpan(ip, ipSize);
        ReadOnlySpan<byte> segment = run.ReadSpan(tcp, tcpSize);
        if (segment.Length < TcpHeader || segment.Length != HeaderLength(segment) || !Listens(run, socket))
            return Error(Errno.EINVAL);
        if ((segment[13] & (Fin | Syn | Rst | Ack)) != Syn || !TryFit(ref header))
            return Error(Errno.EINVAL);
        return Generate(run, header, segment);
    }

    private static ulong Check(RunContext run, ulong socket, ulong ip, ulong ipSize, ulong tcp, ulong tcpSize)
    {
        ReadOnlySpan<byte> header = run.ReadSpan(ip, ipSize);
        ReadOnlySpan<byte> segment = run.ReadSpan(tcp, tcpSize);
        if (segment.Length < TcpHeader || !Listens(run, socket))
            return Error(Errno.EINVAL);
        if ((segment[13] & (Syn | Rst | Ack)) != Ack)
            return Error(Errno.ENOENT);
        if (!TryFit(ref header))
            return Error(Errno.EINVAL);
        return Matches(run, header, segment) ? 0 : Error(Errno.ENOENT);
    }

    private static bool Listens(RunContext run, ulong socket)
    {
        const uint Listen = 10;
        return SocketHelpers.Find(run, socket) is { Protocol: SocketView.ProtocolTcp, State: Listen };
    }

    // The header without options, by its version.
    private static bool TryFit(ref ReadOnlySpan<byte> header)
    {
        if (header.Length < Ip4Header)
            return false;
        int length = (header[0] >> 4) switch { 4 => Ip4Header, 6 => Ip6Header, _ => int.MaxValue };
        if (header.Length < length)
            return false;
        header = header[..length];
        return true;
    }

    private static int HeaderLength(ReadOnlySpan<byte> tcp) => (tcp[12] >> 4) * 4;

    private static uint Minutes(RunContext run) => (uint)(run.Kernel.Clock.Now / 60_000_000_000);

    // The MSS option, or 0.
    private static int FindSegmentSize(ReadOnlySpan<byte> tcp)
    {
        const byte End = 0, NoOperation = 1, SegmentSize = 2;
        for (int at = TcpHeader; at < tcp.Length && tcp[at] != End;)
        {
            if (tcp[at] == NoOperation)
            {
                at++;
                continue;
            }

            if (at + 1 >= tcp.Length || tcp[at + 1] < 2 || at + tcp[at + 1] > tcp.Length)
                return 0;
            if (tcp[at] == SegmentSize && tcp[at + 1] == 4)
                return BinaryPrimitives.ReadUInt16BigEndian(tcp[(at + 2)..]);
            at += tcp[at + 1];
        }

        return 0;
    }

    private static uint Hash(RunContext run, ReadOnlySpan<byte> ip, ReadOnlySpan<byte> tcp, uint count, uint which)
    {
        Span<byte> text = stackalloc byte[44];
        text.Clear();
        ReadOnlySpan<byte> addresses = ip.Length == Ip4Header ? ip.Slice(12, 8) : ip.Slice(8, 32);
        addresses.CopyTo(text);
        tcp[..4].CopyTo(text[32..]);
        BinaryPrimitives.WriteUInt32LittleEndian(text[36..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(text[40..], which);
        fixed (byte* bytes = text)
            return JenkinsHash.OfKey(bytes, (uint)text.Length, (uint)run.Kernel.Options.Seed);
    }
}
