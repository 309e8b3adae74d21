using System.Net;
using System.Net.Sockets;
using static LibbpfSharp.Samples.Tests.Packet;

namespace LibbpfSharp.Samples.Tests;

public sealed class CountingTests
{
    private static readonly byte[] s_tcp4 = IPv4("10.1.2.3", TcpProtocol, Tcp(80));
    private static readonly byte[] s_udp6 = IPv6("fd00::1", UdpProtocol, Udp(53));

    [Fact]
    public void Packets_of_all_CPUs_are_counted()
    {
        using var test = new FilterUnderTest();
        for (int cpu = 0; cpu < 4; cpu++)
            Assert.True(test.Passes(s_tcp4, cpu));
        test.Filter.Block(IPNetwork.Parse("10.0.0.0/8"));
        test.Filter.Block(ProtocolType.Udp, 53);
        Assert.False(test.Passes(s_tcp4, cpu: 1));
        Assert.False(test.Passes(s_tcp4, cpu: 3));
        Assert.False(test.Passes(s_udp6, cpu: 3));
        Assert.False(test.Passes([1, 2, 3]));

        Assert.Equal(new Traffic(4, 4 * 54), test.Filter.Count(Verdict.Passed));
        Assert.Equal(new Traffic(2, 2 * 54), test.Filter.Count(Verdict.BlockedNetwork));
        Assert.Equal(new Traffic(1, 62), test.Filter.Count(Verdict.BlockedPort));
        Assert.Equal(new Traffic(1, 3), test.Filter.Count(Verdict.Malformed));
    }

    [Fact]
    public void Dropped_packets_are_reported()
    {
        using var test = new FilterUnderTest();
        Assert.True(test.Passes(s_tcp4));
        Assert.Empty(test.Reports);

        test.Filter.Block(IPNetwork.Parse("10.0.0.0/8"));
        test.Filter.Block(ProtocolType.Udp, 53);
        Assert.False(test.Passes(s_tcp4));
        Assert.False(test.Passes(s_udp6));
        Assert.False(test.Passes([1, 2, 3]));
        Assert.Equal(
            ["BlockedNetwork: 54 bytes from 10.1.2.3", "BlockedPort: 62 bytes from fd00::1 to port 53", "Malformed: 3 bytes from ?"],
            test.Reports.Select(r => r.ToString()));
        Assert.Empty(test.Reports);
    }

    [Fact]
    public void Nothing_is_reported_where_nobody_asked()
    {
        using var test = new FilterUnderTest(reportsDrops: false);
        test.Filter.Block(IPNetwork.Parse("10.0.0.0/8"));
        Assert.False(test.Passes(s_tcp4));
        Assert.Empty(test.Reports);
    }

    [Fact]
    public void Packets_are_dropped_where_nobody_reads_the_reports()
    {
        using var test = new FilterUnderTest();
        test.Filter.Block(IPNetwork.Parse("10.0.0.0/8"));
        for (int i = 0; i < 3000; i++)
            Assert.False(test.Passes(s_tcp4));
        Assert.Equal(3000u, test.Filter.Count(Verdict.BlockedNetwork).Packets);
        Assert.InRange(test.Reports.Count, 1500, 2000); // 64 KiB of 40 bytes each are not enough for all
    }
}
