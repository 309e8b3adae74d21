using System.Net;

namespace LibbpfSharp.Samples.Tests;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("10.1.2.3", "10.1.0.0/16")]
    [InlineData("10.1.2.3", "0.0.0.0/0")]
    [InlineData("fd00::1", "fd00::1/128")]
    [InlineData("fd00::1", "fd00::/8")]
    public void What_comes_from_a_blocked_network_is_dropped(string source, string blocked)
    {
        using var test = new FilterUnderTest();
        byte[] packet = From(source);
        Assert.True(test.Passes(packet));

        test.Filter.Block(IPNetwork.Parse(blocked));
        Assert.False(test.Passes(packet));
        Assert.Equal(1u, test.Filter.CountDropped(IPNetwork.Parse(blocked)));

        Assert.True(test.Filter.Unblock(IPNetwork.Parse(blocked)));
        Assert.True(test.Passes(packet));
    }

    [Theory]
    [InlineData("10.2.0.1", "10.1.0.0/16")]
    [InlineData("fe80::1", "fd00::/8")]
    [InlineData("10.1.0.1", "::/0")]
    public void What_comes_from_elsewhere_passes(string source, string blocked)
    {
        using var test = new FilterUnderTest();
        test.Filter.Block(IPNetwork.Parse(blocked));
        Assert.True(test.Passes(From(source)));
        Assert.Equal(0u, test.Filter.CountDropped(IPNetwork.Parse(blocked)));
    }

    [Fact]
    public void The_longest_prefix_counts()
    {
        using var test = new FilterUnderTest();
        test.Filter.Block(IPNetwork.Parse("10.0.0.0/8"));
        test.Filter.Block(IPNetwork.Parse("10.1.0.0/16"));
        Assert.False(test.Passes(From("10.1.2.3")));
        Assert.Equal((0u, 1u), (test.Filter.CountDropped(IPNetwork.Parse("10.0.0.0/8")), test.Filter.CountDropped(IPNetwork.Parse("10.1.0.0/16"))));
    }

    [Fact]
    public void What_is_not_IP_passes()
    {
        using var test = new FilterUnderTest();
        test.Filter.Block(IPNetwork.Parse("0.0.0.0/0"));
        Assert.True(test.Passes(Packet.Arp()));
    }

    private static byte[] From(string source) =>
        source.Contains(':', StringComparison.Ordinal) ? Packet.IPv6(source, Packet.UdpProtocol, Packet.Udp(53)) : Packet.IPv4(source, Packet.UdpProtocol, Packet.Udp(53));
}
