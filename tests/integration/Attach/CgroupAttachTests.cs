using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>All kinds of cgroup programs, on a cgroup of the test's own.</summary>
public sealed partial class CgroupAttachTests
{
    private static readonly string[] s_programs =
    [
        "cgroup_egress", "cgroup_ingress", "cgroup_connect4", "cgroup_connect6", "cgroup_bind4", "cgroup_bind6", "cgroup_post_bind4", "cgroup_post_bind6",
        "cgroup_sendmsg4", "cgroup_sendmsg6", "cgroup_recvmsg4", "cgroup_recvmsg6", "cgroup_getpeername4", "cgroup_getpeername6",
        "cgroup_getsockname4", "cgroup_getsockname6", "cgroup_sock_create", "cgroup_sock_release", "cgroup_sysctl", "cgroup_dev",
        "cgroup_getsockopt", "cgroup_setsockopt", "cgroup_connect_unix", "sockops_any",
    ];

    public static TheoryData<BpfLoader, string> Programs
    {
        get
        {
            var data = new TheoryData<BpfLoader, string>();
            foreach (BpfLoader loader in new[] { BpfLoader.Libbpf, BpfLoader.Managed })
            {
                foreach (string name in s_programs)
                    data.Add(loader, name);
            }

            return data;
        }
    }

    public static TheoryData<BpfLoader> Loaders => AttachObject.Loaders;

    [Theory]
    [MemberData(nameof(Programs))]
    public void By_link_and_without(BpfLoader loader, string name)
    {
        Assert.SkipWhen(name == "cgroup_connect_unix" && TestKernels.Host.Facts.Release < new Version(6, 7), "Programs on unix sockets came with Linux 6.7.");
        using var cgroup = new TestCgroup(RequireKernel.Mount(TestKernels.Host, "cgroup2"));
        using var attach = AttachObject.Load(loader, name);
        var program = new BpfCgroupProgram(attach.Program);
        cgroup.Run(() =>
        {
            attach.CountsWhile(program.Attach(cgroup.Path), () => Happen(name));
            attach.CountsWhile(program.AttachWithoutLink(cgroup.Path), () => Happen(name));
        });
        using BpfLink link = program.Attach(cgroup.Path);
        BpfCgroupLinkInfo info = Assert.IsType<BpfCgroupLinkInfo>(link.GetInfo());
        Assert.Equal((attach.Program.Id, cgroup.Id), (info.ProgramId, info.CgroupId));
        using BpfLink second = BpfLink.OpenById(link.Id, TestKernels.Host);
        link.Detach();
        Assert.Equal(0UL, Assert.IsType<BpfCgroupLinkInfo>(second.GetInfo()).CgroupId);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void A_program_can_deny(BpfLoader loader)
    {
        using var cgroup = new TestCgroup(RequireKernel.Mount(TestKernels.Host, "cgroup2"));
        using var attach = AttachObject.Load(loader, "cgroup_connect4");
        using BpfLink link = new BpfCgroupProgram(attach.Program).Attach(cgroup.Path);
        cgroup.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Assert.Equal(SocketError.AccessDenied, Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, 9)).SocketErrorCode);
            socket.Connect(IPAddress.Loopback, 10);
        });
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void What_is_no_cgroup_is_named(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "cgroup_egress");
        var program = new BpfCgroupProgram(attach.Program);
        Assert.Contains("no cgroup", Assert.Throws<BpfException>(() => program.Attach("/tmp")).Message, StringComparison.Ordinal);
        Assert.Contains("no cgroup", Assert.Throws<BpfException>(() => program.Attach("/no/such/place")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void An_exclusive_program_admits_no_other(BpfLoader loader)
    {
        using var cgroup = new TestCgroup(RequireKernel.Mount(TestKernels.Host, "cgroup2"));
        using var attach = AttachObject.Load(loader, "cgroup_egress");
        using var other = AttachObject.Load(loader, "cgroup_egress");
        using BpfLink first = new BpfCgroupProgram(attach.Program).AttachWithoutLink(cgroup.Path, BpfCgroupAttachMode.Exclusive);
        var e = Assert.Throws<BpfException>(() => new BpfCgroupProgram(other.Program).AttachWithoutLink(cgroup.Path, BpfCgroupAttachMode.Multiple));
        Assert.Equal(BpfErrno.EPERM, e.Errno);
        Assert.Contains("exclusively", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Loaders))]
    public void Lsm_of_a_cgroup(BpfLoader loader)
    {
        using var cgroup = new TestCgroup(RequireKernel.Mount(TestKernels.Host, "cgroup2"));
        using var attach = AttachObject.LoadOrExcuse(loader, "lsm_cgroup_bind", "lsm load");
        cgroup.Run(() => attach.CountsWhile(new BpfLsmCgroupProgram(attach.Program).Attach(cgroup.Path), () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }));
    }

    private static void Happen(string program)
    {
        switch (program)
        {
            case "cgroup_ingress" or "cgroup_recvmsg4" or "cgroup_recvmsg6" or "cgroup_sendmsg4" or "cgroup_sendmsg6" or "cgroup_bind4" or "cgroup_bind6" or "cgroup_post_bind4" or "cgroup_post_bind6":
                using (Socket receiver = Udp(program))
                using (Socket sender = Udp(program))
                {
                    sender.SendTo("x"u8, receiver.LocalEndPoint!);
                    EndPoint from = receiver.LocalEndPoint!;
                    receiver.ReceiveTimeout = 10_000;
                    receiver.ReceiveFrom(new byte[4], ref from);
                }

                break;
            case "cgroup_connect6" or "cgroup_getpeername4" or "cgroup_getpeername6" or "cgroup_getsockname4" or "cgroup_getsockname6":
                using (Socket other = Udp(program))
                using (Socket socket = Udp(program))
                {
                    socket.Connect(other.LocalEndPoint!);
                    byte[] address = new byte[28];
                    int length = address.Length;
                    Assert.Equal(0, GetPeerName((int)socket.Handle, address, ref length));
                    length = address.Length;
                    Assert.Equal(0, GetSockName((int)socket.Handle, address, ref length));
                }

                break;
            case "cgroup_sock_release":
                Udp(program).Dispose();
                break;
            case "cgroup_setsockopt":
                using (Socket socket = Udp(program))
                    socket.SetRawSocketOption(1, 2, BitConverter.GetBytes(1)); // SO_REUSEADDR
                break;
            case "cgroup_connect_unix":
                using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    listener.Bind(new UnixDomainSocketEndPoint('\0' + UniqueNames.File("lbs")));
                    listener.Listen();
                    client.Connect(listener.LocalEndPoint!);
                }

                break;
            case "cgroup_sysctl":
                File.ReadAllText("/proc/sys/kernel/ostype");
                break;
            case "cgroup_dev":
                File.OpenHandle("/dev/null").Dispose();
                break;
            case "cgroup_sock_create":
                new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp).Dispose();
                break;
            case "cgroup_getsockopt":
                using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
                    socket.GetRawSocketOption(1, 3, new byte[4]); // SO_TYPE
                break;
            case "sockops_any":
                using (var listener = new TcpListener(IPAddress.Loopback, 0))
                {
                    listener.Start();
                    using var client = new TcpClient();
                    client.Connect((IPEndPoint)listener.LocalEndpoint);
                    using TcpClient server = listener.AcceptTcpClient();
                }

                break;
            default:
                using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
                {
                    socket.Connect(IPAddress.Loopback, 10);
                    socket.Send("x"u8);
                }

                break;
        }
    }

    private static Socket Udp(string program)
    {
        bool six = program.EndsWith('6');
        var socket = new Socket(six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(six ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0));
        return socket;
    }

    [LibraryImport("libc", EntryPoint = "getpeername")]
    private static partial int GetPeerName(int socket, byte[] address, ref int length);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static partial int GetSockName(int socket, byte[] address, ref int length);
}
