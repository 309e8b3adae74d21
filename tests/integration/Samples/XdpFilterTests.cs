using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LibbpfSharp.Tests.Integration.Samples;

/// <summary>The sample XdpFilter as a user runs it, on an interface in a network namespace of the test's own.</summary>
public sealed class XdpFilterTests
{
    private const ushort Blocked = 7001, Open = 7002;

    [Fact]
    public void Packets_to_a_blocked_port_are_dropped_and_others_arrive()
    {
        RequireKernel.Linux();
        using var network = new TestNetwork();
        network.Run(() =>
        {
            using Socket open = Listen(Open), blocked = Listen(Blocked);
            using Process sample = Start("veth0", "--port", $"udp/{Blocked}", "--block", "10.77.0.200", "--generic");
            try
            {
                Assert.StartsWith("Filtering on veth0", sample.StandardOutput.ReadLine(), StringComparison.Ordinal);
                Send(network, Blocked);
                Send(network, Open);
                Assert.Equal(5, open.Receive(new byte[16]));
                Assert.Equal(SocketError.TimedOut, Assert.Throws<SocketException>(() => blocked.Receive(new byte[16])).SocketErrorCode);
                string report = sample.StandardOutput.ReadLine()!;
                Assert.Equal($"BlockedPort: 47 bytes from {TestNetwork.PeerAddress} to port {Blocked}", report);
            }
            finally
            {
                Interrupt(sample);
            }

            string rest = sample.StandardOutput.ReadToEnd();
            Assert.True(sample.ExitCode == 0, $"{sample.ExitCode} {sample.StandardError.ReadToEnd()}");
            Dictionary<string, (long Packets, long Bytes)> counts = rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .ToDictionary(words => words[0], words => (Number(words[1]), Number(words[2])));
            Assert.Equal((1, 47), counts["BlockedPort"]);
            Assert.Equal((0, 0), counts["BlockedNetwork"]);
            Assert.True(counts["Passed"].Packets > 0);

            // It is off again.
            Send(network, Blocked);
            Assert.Equal(5, blocked.Receive(new byte[16]));
        });
    }

    [Fact]
    public void Unknown_interface_and_wrong_arguments_are_told()
    {
        RequireKernel.Linux();
        using Process unknown = Start("no-such-if");
        Assert.Contains("ENODEV", unknown.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(unknown.WaitForExit(60_000));
        Assert.Equal(1, unknown.ExitCode);
        using Process wrong = Start("eth0", "--port", "icmp/1");
        Assert.StartsWith("usage: XdpFilter", wrong.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(wrong.WaitForExit(60_000));
        Assert.Equal(2, wrong.ExitCode);
    }

    // The child runs in the network namespace of the thread that starts it.
    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "XdpFilter.dll"), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static void Interrupt(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (!process.WaitForExit(60_000))
            process.Kill();
    }

    private static Socket Listen(ushort port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 500 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(TestNetwork.Address), port));
        return socket;
    }

    private static void Send(TestNetwork network, ushort port) => network.RunAtPeer(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(TestNetwork.Address), port));
    });

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
