using static LibbpfSharp.Samples.Tests.Packet;

namespace LibbpfSharp.Samples.Tests;

/// <summary>Packets that end inside a header are dropped, wherever they are cut.</summary>
public sealed class MalformedTests
{
    // The length is the least with which the filter has all that it reads.
    public static TheoryData<string, byte[], int> Packets => new()
    {
        { "TCP over IPv4", IPv4("10.0.0.1", TcpProtocol, Tcp(80)), 14 + 20 + 4 },
        { "with options", IPv4("10.0.0.1", UdpProtocol, Udp(53), options: 40), 14 + 60 + 4 },
        { "with VLAN tags", Tagged([0x8100, 0x88a8], "10.0.0.1", TcpProtocol, Tcp(80)), 14 + 8 + 20 + 4 },
        { "UDP over IPv6", IPv6("fd00::1", UdpProtocol, Udp(53)), 14 + 40 + 4 },
        { "with extension headers", IPv6("fd00::1", HopByHop, Extension(DestinationOptions, 1, Extension(TcpProtocol, 0, Tcp(80)))), 14 + 40 + 16 + 8 + 4 },
        { "a fragment", IPv6("fd00::1", Fragment, FragmentHeader(TcpProtocol, 0, Tcp(80))), 14 + 40 + 8 + 4 },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_cut_packet_is_dropped(string name, byte[] packet, int needed)
    {
        using var test = new FilterUnderTest();
        for (int length = 1; length <= packet.Length; length++)
            Assert.True(test.Passes(packet[..length]) == (length >= needed), $"{name}, {length} bytes of {packet.Length}");
        Assert.Equal((ulong)needed - 1, test.Filter.Count(Verdict.Malformed).Packets);
    }

    [Fact]
    public void A_header_length_below_20_is_dropped()
    {
        using var test = new FilterUnderTest();
        byte[] packet = IPv4("10.0.0.1", TcpProtocol, Tcp(80));
        packet[14] = 0x44;
        Assert.False(test.Passes(packet));
    }
}
