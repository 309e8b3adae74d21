using System.Net.Sockets;
using static LibbpfSharp.Samples.Tests.Packet;

namespace LibbpfSharp.Samples.Tests;

/// <summary>Port 80 of TCP and port 53 of UDP are blocked.</summary>
public sealed class PortTests
{
    private const string Four = "10.0.0.1", Six = "fd00::1";

    public static TheoryData<string, byte[]> Dropped => new()
    {
        { "TCP over IPv4", IPv4(Four, TcpProtocol, Tcp(80)) },
        { "UDP over IPv4", IPv4(Four, UdpProtocol, Udp(53)) },
        { "behind options", IPv4(Four, TcpProtocol, Tcp(80), options: 12) },
        { "a first fragment", IPv4(Four, TcpProtocol, Tcp(80), fragment: 0x2000) },
        { "behind a VLAN tag", Tagged([0x8100], Four, TcpProtocol, Tcp(80)) },
        { "behind two VLAN tags", Tagged([0x8100, 0x88a8], Four, TcpProtocol, Tcp(80)) },
        { "TCP over IPv6", IPv6(Six, TcpProtocol, Tcp(80)) },
        { "behind extension headers", IPv6(Six, HopByHop, Extension(Routing, 0, Extension(DestinationOptions, 2, Extension(UdpProtocol, 1, Udp(53))))) },
        { "a first fragment of IPv6", IPv6(Six, Fragment, FragmentHeader(TcpProtocol, 0, Tcp(80))) },
    };

    public static TheoryData<string, byte[]> Passed => new()
    {
        { "another port", IPv4(Four, TcpProtocol, Tcp(8080)) },
        { "the port of the other protocol", IPv4(Four, UdpProtocol, Udp(80)) },
        { "a protocol without ports", IPv4(Four, Icmp, [8, 0, 0, 80]) },
        { "a later fragment", IPv4(Four, TcpProtocol, Tcp(80), fragment: 100) },
        { "a later fragment of IPv6", IPv6(Six, Fragment, FragmentHeader(TcpProtocol, 100, Tcp(80))) },
        { "a near fragment of IPv6", IPv6(Six, Fragment, FragmentHeader(TcpProtocol, 1, Tcp(80))) },
        { "behind three VLAN tags", Tagged([0x8100, 0x8100, 0x8100], Four, TcpProtocol, Tcp(80)) },
        { "behind five extension headers", IPv6(Six, HopByHop, Extension(0, 0, Extension(0, 0, Extension(0, 0, Extension(0, 0, Extension(TcpProtocol, 0, Tcp(80))))))) },
    };

    [Theory]
    [MemberData(nameof(Dropped))]
    public void What_goes_to_a_blocked_port_is_dropped(string name, byte[] packet)
    {
        using FilterUnderTest test = Blocking();
        Assert.False(test.Passes(packet), name);
        Assert.Equal(1u, test.Filter.CountDropped(ProtocolType.Tcp, 80) + test.Filter.CountDropped(ProtocolType.Udp, 53));
    }

    [Theory]
    [MemberData(nameof(Passed))]
    public void What_goes_elsewhere_passes(string name, byte[] packet)
    {
        using FilterUnderTest test = Blocking();
        Assert.True(test.Passes(packet), name);
    }

    private static FilterUnderTest Blocking()
    {
        var test = new FilterUnderTest();
        test.Filter.Block(ProtocolType.Tcp, 80);
        test.Filter.Block(ProtocolType.Udp, 53);
        return test;
    }
}
