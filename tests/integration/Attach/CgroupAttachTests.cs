using System.Net;
using System.Net.Sockets;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>All kinds of cgroup programs, on a cgroup of the test's own.</summary>
public sealed class CgroupAttachTests
{
    public static TheoryData<BpfLoader, string> Programs
    {
        get
        {
            var data = new TheoryData<BpfLoader, string>();
            foreach (BpfLoader loader in new[] { BpfLoader.Libbpf, BpfLoader.Managed })
            {
                foreach (string name in new[] { "cgroup_egress", "cgroup_connect4", "cgroup_sock_create", "cgroup_sysctl", "cgroup_dev", "cgroup_getsockopt", "sockops_any" })
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
        using var cgroup = new TestCgroup(RequireKernel.Mount(TestKernels.Host, "cgroup2"));
        using var attach = AttachObject.Load(loader, name);
        var program = new BpfCgroupProgram(attach.Program);
        cgroup.Run(() =>
        {
            attach.CountsWhile(program.Attach(cgroup.Path), () => Happen(name));
            attach.CountsWhile(program.AttachWithoutLink(cgroup.Path), () => Happen(name));
        });
        using BpfLink link = program.Attach(cgroup.Path);
        Assert.Equal(BpfLinkType.Cgroup, link.GetInfo().Type);
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
}
