using System.Net;
using System.Net.Sockets;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>XDP, tc, netfilter, network namespaces and sockets, in network namespaces of the test's own.</summary>
public sealed class NetworkAttachTests
{
    public static TheoryData<BpfLoader> Loaders => AttachObject.Loaders;

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Xdp_by_link(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "xdp_pass");
        network.Run(() =>
        {
            var program = new BpfXdpProgram(attach.Program);
            foreach (BpfXdpMode mode in new[] { BpfXdpMode.Native, BpfXdpMode.Generic, BpfXdpMode.Automatic })
                attach.CountsWhile(program.Attach("veth0", mode), () => SendFromPeer(network));
            using BpfLink link = program.Attach("veth0");
            int index = TestKernels.Host.Facts.GetInterfaceIndex("veth0");
            Assert.Equal((index, attach.Program.Id), (Assert.IsType<BpfXdpLinkInfo>(link.GetInfo()).InterfaceIndex, link.GetInfo().ProgramId));
            Assert.Contains(BpfLink.Enumerate(TestKernels.Host), l => l.Id == link.Id && l is BpfXdpLinkInfo);
            var busy = Assert.Throws<BpfException>(() => program.Attach("veth0"));
            Assert.Equal(BpfErrno.EBUSY, busy.Errno);
            Assert.Contains($"Program id {attach.Program.Id} ('xdp_pass')", busy.Message, StringComparison.Ordinal);
            Assert.Contains($"native mode by link {link.Id}", busy.Message, StringComparison.Ordinal);
            Assert.Equal(BpfErrno.ENODEV, Assert.Throws<BpfException>(() => program.Attach("none0")).Errno);
            Assert.Contains("no interface of this index", Assert.Throws<BpfException>(() => program.Attach(987654)).Message, StringComparison.Ordinal);
            Assert.Contains("Generic", Assert.Throws<BpfException>(() => program.Attach("lo", BpfXdpMode.Native)).Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Xdp_without_link(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "xdp_pass");
        using var other = AttachObject.Load(loader, "xdp_drop");
        network.Run(() =>
        {
            attach.CountsWhile(new BpfXdpProgram(attach.Program).AttachWithoutLink("veth0", BpfXdpMode.Native), () => SendFromPeer(network));
            BpfLink first = new BpfXdpProgram(attach.Program).AttachWithoutLink("veth0", BpfXdpMode.Native);
            BpfException busy = Assert.Throws<BpfException>(() => new BpfXdpProgram(other.Program).AttachWithoutLink("veth0", BpfXdpMode.Native));
            Assert.Contains($"Program id {attach.Program.Id} ('xdp_pass') is attached to the interface already, in native mode without a link", busy.Message, StringComparison.Ordinal);
            Assert.Equal(BpfErrno.EBUSY, Assert.Throws<BpfException>(() => new BpfXdpProgram(other.Program).AttachWithoutLink("veth0", BpfXdpMode.Native)).Errno);
            using (new BpfXdpProgram(other.Program).AttachWithoutLink("veth0", BpfXdpMode.Native, replace: attach.Program))
            {
                SendFromPeer(network);
                Assert.True(other.Hits > 0);

                // The one that was replaced does not take its successor off.
                first.Dispose();
                ulong hits = other.Hits;
                SendFromPeer(network);
                Assert.True(other.Hits > hits);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Tc_by_clsact(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "tc_pass");
        network.Run(() =>
        {
            var program = new BpfTcProgram(attach.Program);
            attach.CountsWhile(program.Attach("veth0", BpfTcDirection.Ingress), () => SendFromPeer(network));
            attach.CountsWhile(program.Attach("veth0", BpfTcDirection.Egress), SendToPeer);
            var options = new BpfTcOptions { Handle = 1, Priority = 5 };
            using BpfLink link = program.Attach("veth0", BpfTcDirection.Ingress, options);
            Assert.Equal(BpfErrno.EEXIST, Assert.Throws<BpfException>(() => program.Attach("veth0", BpfTcDirection.Ingress, options)).Errno);
            using BpfLink replaced = program.Attach("veth0", BpfTcDirection.Ingress, options with { Replace = true });
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void A_link_is_updated_if_the_old_program_is_the_expected_one(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "xdp_pass");
        using var other = AttachObject.Load(loader, "xdp_drop");
        network.Run(() =>
        {
            using BpfLink link = new BpfXdpProgram(attach.Program).Attach("veth0");
            Assert.Equal(BpfErrno.EPERM, Assert.Throws<BpfException>(() => link.Update(other.Program, expected: other.Program)).Errno);
            link.Update(other.Program, expected: attach.Program);

            // The interface's own packets (neighbour discovery) may have come before; from now on the old program sees none.
            ulong before = attach.Hits;
            SendFromPeer(network);
            Assert.True(other.Hits > 0);
            Assert.Equal(before, attach.Hits);
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Netfilter(BpfLoader loader)
    {
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 4), "Netfilter links came with Linux 6.4.");
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "netfilter_accept");
        network.Run(() =>
        {
            attach.CountsWhile(new BpfNetfilterProgram(attach.Program).Attach(BpfNetfilterFamily.IPv4, BpfNetfilterHook.LocalOut, priority: -10), SendToPeer);
            using (BpfLink link = new BpfNetfilterProgram(attach.Program).Attach(BpfNetfilterFamily.IPv6, BpfNetfilterHook.PreRouting, priority: 7))
            {
                BpfNetfilterLinkInfo info = Assert.IsType<BpfNetfilterLinkInfo>(link.GetInfo());
                Assert.Equal((BpfNetfilterFamily.IPv6, BpfNetfilterHook.PreRouting, 7, 0u), (info.Family, info.Hook, info.Priority, info.Flags));
            }

            Assert.Equal(BpfErrno.ERANGE, Assert.Throws<BpfException>(() => new BpfNetfilterProgram(attach.Program).Attach(BpfNetfilterFamily.IPv4, BpfNetfilterHook.LocalOut, int.MinValue)).Errno);
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Socket_lookup(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "sk_lookup_redirect");
        network.Run(() =>
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            attach.Object.Maps["listeners"].UpdateElem(BitConverter.GetBytes(0), BitConverter.GetBytes((ulong)listener.Handle));
            attach.CountsWhile(new BpfSkLookupProgram(attach.Program).Attach(network.Path), () =>
            {
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    client.Connect(IPAddress.Loopback, 7777);
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    // Without the program nobody listens there.
                }
            });
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Flow_dissector(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var attach = AttachObject.Load(loader, "flow_dissect");
        network.Run(() =>
        {
            using BpfLink link = new BpfFlowDissectorProgram(attach.Program).Attach(network.Path);
            BpfNetworkNamespaceLinkInfo info = Assert.IsType<BpfNetworkNamespaceLinkInfo>(link.GetInfo());
            Assert.Equal(BpfAttachType.FlowDissector, info.AttachType);
            Assert.Equal(ExternalTool.Succeed("stat", "-L", "-c", "%i", network.Path).Trim(), info.NamespaceInode.ToString());
            Assert.Contains("flow dissector already", Assert.Throws<BpfException>(() => new BpfFlowDissectorProgram(attach.Program).Attach(network.Path)).Message, StringComparison.Ordinal);
            attach.Program.TestRun(new byte[64]);
            Assert.True(attach.Hits > 0);
        });
        Assert.Equal(BpfErrno.ENOENT, Assert.Throws<BpfException>(() => new BpfFlowDissectorProgram(attach.Program).Attach("/var/run/netns/no-such")).Errno);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Socket_filter_and_reuseport(BpfLoader loader)
    {
        using var network = new TestNetwork();
        using var filter = AttachObject.Load(loader, "socket_all");
        using var select = AttachObject.Load(loader, "reuseport_any");
        network.Run(() =>
        {
            using Socket plain = Udp();
            filter.CountsWhile(new BpfSocketFilterProgram(filter.Program).Attach(plain), () => SendTo(plain));
            using var shared = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            shared.SetRawSocketOption(1, 15, BitConverter.GetBytes(1)); // SO_REUSEPORT
            shared.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using var second = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            second.SetRawSocketOption(1, 15, BitConverter.GetBytes(1));
            second.Bind(shared.LocalEndPoint!);
            select.CountsWhile(new BpfSkReusePortProgram(select.Program).Attach(shared), () => SendTo(shared));
        });
        Assert.Equal(BpfErrno.EBADF, Assert.Throws<BpfException>(() => new BpfSocketFilterProgram(filter.Program).Attach(-1)).Errno);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Socket_maps(BpfLoader loader)
    {
        using var network = new TestNetwork();
        foreach ((string name, bool withLink) in new[] { ("sk_msg_verdict", true), ("sk_skb_verdict", true), ("sk_skb_parser", true), ("sk_msg_verdict", false), ("sk_skb_verdict", false), ("sk_skb_parser", false) })
        {
            // A parser alone does nothing: it says where messages end for the verdict.
            using var attach = AttachObject.Load(loader, name, open => open.Programs["sk_skb_verdict"].AutoLoad |= name == "sk_skb_parser");
            network.Run(() =>
            {
                using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                listener.Listen();
                using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Connect(listener.LocalEndPoint!);
                using Socket server = listener.Accept();
                Socket watched = name == "sk_msg_verdict" ? client : server;
                BpfMap sockets = attach.Object.Maps["sockets"];
                using BpfLink? verdict = name == "sk_skb_parser" ? Attach(new BpfSocketMapProgram(attach.Object.Programs["sk_skb_verdict"])) : null;
                BpfLink Attach(BpfSocketMapProgram program) => withLink ? program.Attach(sockets) : program.AttachWithoutLink(sockets);
                using (BpfLink link = Attach(new BpfSocketMapProgram(attach.Program)))
                {
                    if (TestKernels.Host.Facts.Release >= new Version(6, 10))
                        Assert.Equal(withLink, link.FileDescriptor >= 0);
                    if (link.FileDescriptor >= 0)
                        Assert.Equal(sockets.Id, Assert.IsType<BpfSocketMapLinkInfo>(link.GetInfo()).MapId);
                    attach.Object.Maps["sockets"].UpdateElem(BitConverter.GetBytes(0), BitConverter.GetBytes((ulong)watched.Handle));
                    client.Send("hello"u8);
                    server.ReceiveTimeout = 10_000;
                    Assert.Equal(5, server.Receive(new byte[16]));
                    Assert.True(attach.Hits > 0, $"{name} saw nothing");
                }
            });
            var e = Assert.Throws<BpfException>(() => new BpfSocketMapProgram(attach.Program).Attach(attach.Object.Maps["elements"]));
            Assert.Contains("SOCKMAP", e.Message, StringComparison.Ordinal);
        }
    }

    private static void SendFromPeer(TestNetwork network) => network.RunAtPeer(() =>
    {
        using Socket socket = Udp(IPAddress.Any);
        socket.SendTo("x"u8, new IPEndPoint(IPAddress.Parse(TestNetwork.Address), 9999));
    });

    internal static void SendToPeer()
    {
        using Socket socket = Udp(IPAddress.Any);
        socket.SendTo("x"u8, new IPEndPoint(IPAddress.Parse(TestNetwork.PeerAddress), 9999));
    }

    private static void SendTo(Socket receiver)
    {
        using Socket sender = Udp();
        sender.SendTo("x"u8, receiver.LocalEndPoint!);
        receiver.ReceiveTimeout = 100;
        try
        {
            receiver.Receive(new byte[16]);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            // Another socket of the group had it.
        }
    }

    private static Socket Udp(IPAddress? address = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        return socket;
    }
}
