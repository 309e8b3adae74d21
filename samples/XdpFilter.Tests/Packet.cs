using System.Net;

namespace LibbpfSharp.Samples.Tests;

/// <summary>Builds frames from the outside in: each header takes what follows it.</summary>
internal static class Packet
{
    public const byte HopByHop = 0, Icmp = 1, TcpProtocol = 6, UdpProtocol = 17, Routing = 43, Fragment = 44, DestinationOptions = 60;

    private const int EthernetIPv4 = 0x0800, EthernetArp = 0x0806, EthernetIPv6 = 0x86dd;

    /// <summary>An IPv4 frame.</summary>
    public static byte[] IPv4(string source, byte protocol, byte[] rest, int options = 0, ushort fragment = 0) => Ethernet(EthernetIPv4, IPv4Header(source, protocol, rest, options, fragment));

    /// <summary>An IPv6 frame.</summary>
    public static byte[] IPv6(string source, byte next, byte[] rest) => Ethernet(EthernetIPv6, [0x60, 0, 0, 0, .. Big(rest.Length), next, 64, .. Address(source), .. Address("::2"), .. rest]);

    /// <summary>An IPv4 frame behind VLAN tags of the given Ethernet types.</summary>
    public static byte[] Tagged(ReadOnlySpan<int> tags, string source, byte protocol, byte[] rest)
    {
        byte[] inner = IPv4Header(source, protocol, rest, options: 0, fragment: 0);
        int type = EthernetIPv4;
        foreach (int tag in tags)
        {
            inner = [0, 5, .. Big(type), .. inner];
            type = tag;
        }

        return Ethernet(type, inner);
    }

    public static byte[] Arp() => Ethernet(EthernetArp, new byte[28]);

    public static byte[] Tcp(ushort port) => [.. Big(40000), .. Big(port), .. new byte[16]];

    public static byte[] Udp(ushort port) => [.. Big(40000), .. Big(port), .. Big(8), 0, 0];

    /// <summary>An extension header of IPv6 with some units of 8 bytes behind its first.</summary>
    public static byte[] Extension(byte next, int units, byte[] rest) => [next, (byte)units, .. new byte[6 + (units * 8)], .. rest];

    /// <summary>A fragment header of IPv6.</summary>
    public static byte[] FragmentHeader(byte next, int offset, byte[] rest) => [next, 0, .. Big(offset << 3), 0, 0, 0, 1, .. rest];

    private static byte[] Ethernet(int type, byte[] rest) => [.. new byte[12], .. Big(type), .. rest];

    private static byte[] IPv4Header(string source, byte protocol, byte[] rest, int options, ushort fragment) =>
    [
        (byte)(0x45 + (options / 4)), 0, .. Big(20 + options + rest.Length), 0, 1, .. Big(fragment), 64, protocol, 0, 0,
        .. Address(source), .. Address("10.0.0.2"), .. new byte[options], .. rest,
    ];

    private static byte[] Address(string text) => IPAddress.Parse(text).GetAddressBytes();

    private static byte[] Big(int number) => [(byte)(number >> 8), (byte)number];
}
