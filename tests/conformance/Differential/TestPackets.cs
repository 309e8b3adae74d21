namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>Frames that programs over packets see, by name: whole ones of every sort, then ones that are cut, wrong or large.</summary>
internal static class TestPackets
{
    private const string Local = "020000000001020000000002";
    private const string Multicast = "01005e000001020000000002";
    private const string Multicast6 = "333300000001020000000002";
    private const string Broadcast = "ffffffffffff020000000002";
    private const string Source6 = "20010db8000000000000000000000001";
    private const string Target6 = "20010db8000000000000000000000002";

    /// <summary>The frames; every run sees them in this order.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> All { get; } =
    [
        ("arp request", Frame(Broadcast, "0806", "00010800060400010200000000020a0000010000000000000a000002", 60)),
        ("arp reply", Frame(Local, "0806", "00010800060400020200000000020a0000010200000000010a000002", 42)),
        ("ipv4 tcp syn", Ip4(Local, 6, Tcp(0x02), 60)),
        ("ipv4 tcp syn options", Ip4(Local, 6, Tcp(0x02, options: "020405b40402080a000000010000000001030307"), 80)),
        ("ipv4 tcp ack data", Ip4(Local, 6, Tcp(0x18) + "474554202f20485454502f312e310d0a0d0a", 72)),
        ("ipv4 udp", Ip4(Local, 17, Udp(5000, 9, 18), 64)),
        ("ipv4 udp dns", Ip4(Local, 17, Udp(40000, 53, 25) + "123401000001000000000000016100000100010000", 67)),
        ("ipv4 udp no checksum", Ip4(Local, 17, "138800090012" + "0000", 60)),
        ("ipv4 udp multicast", Ip4(Multicast, 17, Udp(5353, 5353, 20), 62, target: "e0000001")),
        ("ipv4 udp broadcast", Ip4(Broadcast, 17, Udp(68, 67, 20), 62, target: "ffffffff")),
        ("ipv4 icmp echo", Ip4(Local, 1, "0800f7ff00000000" + "6162636465666768", 60)),
        ("ipv4 gre", Ip4(Local, 47, "00000800", 80)),
        ("ipv4 in ipv4", Ip4(Local, 4, "450000140000000040110000c0000201c0000202", 60)),
        ("ipv4 options", Frame(Local, "0800", "4700001c123440004006" + "0000" + "0a0000010a000002" + "0101010101010100" + Tcp(0x10), 64)),
        ("ipv4 first fragment", Ip4(Local, 17, Udp(5000, 9, 1400), 200, flags: "2000")),
        ("ipv4 later fragment", Ip4(Local, 17, "0102030405060708", 200, flags: "00b9")),
        ("ipv6 tcp", Ip6(Local, 6, Tcp(0x02), 74)),
        ("ipv6 udp", Ip6(Local, 17, Udp(5000, 9, 20), 74)),
        ("ipv6 icmp echo", Ip6(Local, 58, "8000123400010001", 66)),
        ("ipv6 neighbour solicitation", Ip6(Multicast6, 58, "8700000000000000" + Target6 + "0101020000000002", 86)),
        ("ipv6 hop by hop", Ip6(Local, 0, "1100050200000100" + Udp(5000, 9, 20), 90)),
        ("ipv6 fragment", Ip6(Local, 44, "1100000112345678" + Udp(5000, 9, 1000), 120)),
        ("ipv6 routing", Ip6(Local, 43, "0602040100000000" + Target6 + Tcp(0x10), 120)),
        ("ipv6 in ipv4", Ip4(Local, 41, "6000000000083a40" + Source6 + Target6 + "8000123400010001", 100)),
        ("vlan ipv4 tcp", Vlan(Ip4(Local, 6, Tcp(0x10), 60), "81000064")),
        ("vlan ipv6 udp", Vlan(Ip6(Local, 17, Udp(5000, 9, 20), 74), "8100e00a")),
        ("vlan arp", Vlan(Frame(Broadcast, "0806", "00010800060400010200000000020a0000010000000000000a000002", 60), "81000001")),
        ("qinq ipv4 udp", Vlan(Vlan(Ip4(Local, 17, Udp(5000, 9, 20), 64), "81000065"), "88a80064")),
        ("three tags", Vlan(Vlan(Vlan(Ip4(Local, 17, Udp(5000, 9, 20), 64), "81000066"), "81000065"), "81000064")),
        ("mpls", Frame(Local, "8847", "00064140" + "45000014000000004011", 60)),
        ("pppoe", Frame(Local, "8864", "110000010016" + "0021" + "4500001400000000401100000a0000010a000002", 60)),
        ("802.3 llc", Frame("0180c2000000020000000002", "0026", "424203000000", 52)),
        ("unknown type", Frame(Local, "88b5", "", 60)),
        ("type only", Frame(Local, "0800", "", 14)),
        ("ipv4 cut in the header", Ip4(Local, 6, "", 60)[..24]),
        ("ipv4 without payload", Ip4(Local, 6, "", 34)),
        ("tcp cut", Ip4(Local, 6, Tcp(0x02), 60)[..44]),
        ("udp cut", Ip4(Local, 17, Udp(1, 2, 20), 60)[..38]),
        ("ipv6 cut in the header", Ip6(Local, 17, "", 74)[..40]),
        ("ipv6 without payload", Ip6(Local, 59, "", 54)),
        ("vlan cut", Vlan(Frame(Local, "0800", "", 14), "81000064")[..16]),
        ("too short for ethernet", new byte[13]),
        ("ipv4 header length below five", Frame(Local, "0800", "4300003212344000400600000a0000010a000002", 60)),
        ("ipv4 of version five", Frame(Local, "0800", "5500003212344000400600000a0000010a000002", 60)),
        ("ipv4 total length too large", Frame(Local, "0800", "4500ffff12344000400600000a0000010a000002", 60)),
        ("tcp header length beyond the end", Ip4(Local, 6, "04d200500000000100000002f0020400abcd0000", 60)),
        ("zeros", new byte[64]),
        ("ones", Enumerable.Repeat((byte)0xFF, 64).ToArray()),
        ("full size", Ip4(Local, 6, Tcp(0x10), 1514)),
        ("larger", Ip4(Local, 17, Udp(5000, 9, 2900), 3000)),
        ("jumbo", Ip4(Local, 6, Tcp(0x10), 9014)),
    ];

    private static string Tcp(int flags, string options = "") =>
        $"04d20050{1:x8}{2:x8}{(5 + (options.Length / 8)) << 4:x2}{flags:x2}0400abcd0000{options}";

    private static string Udp(int source, int target, int length) => $"{source:x4}{target:x4}{length:x4}beef";

    private static byte[] Ip4(string addresses, int protocol, string payload, int length, string target = "0a000002", string flags = "4000")
    {
        string header = $"4500{length - 14:x4}1234{flags}40{protocol:x2}0000" + "0a000001" + target;
        return Frame(addresses, "0800", Checksummed(header) + payload, length);
    }

    private static byte[] Ip6(string addresses, int next, string payload, int length) =>
        Frame(addresses, "86dd", $"60000000{length - 54:x4}{next:x2}40" + Source6 + Target6 + payload, length);

    // A tag behind the addresses.
    private static byte[] Vlan(byte[] frame, string tag) => [.. frame[..12], .. Convert.FromHexString(tag), .. frame[12..]];

    private static string Checksummed(string header)
    {
        byte[] bytes = Convert.FromHexString(header);
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += (uint)((bytes[i] << 8) | bytes[i + 1]);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return header[..20] + $"{(ushort)~sum:x4}" + header[24..];
    }

    private static byte[] Frame(string addresses, string type, string rest, int length)
    {
        byte[] head = Convert.FromHexString(addresses + type + rest);
        byte[] frame = new byte[length];
        head.AsSpan(0, Math.Min(head.Length, length)).CopyTo(frame);
        for (int i = head.Length; i < frame.Length; i++)
            frame[i] = (byte)i;
        return frame;
    }
}
