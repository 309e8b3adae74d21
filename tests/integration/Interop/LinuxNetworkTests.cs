using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Integration.Interop;

public sealed unsafe class LinuxNetworkTests
{
    private const uint Native = 4;
    private const uint IfNoExist = 1;
    private const uint ReplaceFlag = 16;
    private const uint Xdp = 6;
    private const uint SchedCls = 3;

    private static IBpfKernel Kernel => LinuxKernel.Instance;

    [Fact]
    public void Xdp_attaches_replaces_and_detaches()
    {
        using var network = new TestNetwork();
        network.Run(() =>
        {
            IKernelNetwork net = Kernel.Network;
            int index = Kernel.Facts.GetInterfaceIndex("veth0");
            Assert.True(index > 0);
            int first = Load(Xdp), second = Load(Xdp);
            try
            {
                Assert.Equal(0, net.XdpAttach(index, first, -1, Native, out _));
                Assert.Equal(0, net.XdpQuery(index, out XdpPrograms programs));
                Assert.Equal(ProgramId(first), programs.NativeId);
                Assert.Equal(-(int)BpfErrno.EBUSY, net.XdpAttach(index, second, -1, Native | IfNoExist, out string? why));
                Assert.Contains("already attached", why, StringComparison.Ordinal);
                Assert.Equal(0, net.XdpAttach(index, second, first, Native | ReplaceFlag, out _));
                Assert.Equal(0, net.XdpQuery(index, out programs));
                Assert.Equal(ProgramId(second), programs.NativeId);
                Assert.Equal(0, net.XdpAttach(index, -1, -1, Native, out _));
                Assert.Equal(0, net.XdpQuery(index, out programs));
                Assert.Equal(default, programs);
                Assert.Equal(-(int)BpfErrno.ENODEV, net.XdpAttach(99999, first, -1, 0, out _));
            }
            finally
            {
                Kernel.Close(first);
                Kernel.Close(second);
            }
        });
    }

    [Fact]
    public void Tc_filters_attach_query_replace_and_detach()
    {
        using var network = new TestNetwork();
        network.Run(() =>
        {
            IKernelNetwork net = Kernel.Network;
            int index = Kernel.Facts.GetInterfaceIndex("veth0");
            int first = Load(SchedCls), second = Load(SchedCls);
            try
            {
                Assert.Equal(0, net.TcCreateHook(index, out _));
                Assert.Equal(-(int)BpfErrno.EEXIST, net.TcCreateHook(index, out _));
                foreach (bool egress in new[] { false, true })
                {
                    TcFilter filter = default;
                    Assert.Equal(0, net.TcAttach(index, egress, first, "mine", false, ref filter, out string? why));
                    Assert.Null(why);
                    Assert.NotEqual(0u, filter.Handle);
                    Assert.NotEqual(0u, filter.Priority);
                    Assert.Equal(ProgramId(first), filter.ProgramId);
                    var same = new TcFilter(filter.Handle, filter.Priority, 0);
                    Assert.Equal(-(int)BpfErrno.EEXIST, net.TcAttach(index, egress, second, "mine", false, ref same, out _));
                    Assert.Equal(0, net.TcAttach(index, egress, second, "mine", true, ref same, out _));
                    var found = new TcFilter(filter.Handle, filter.Priority, 0);
                    Assert.Equal(0, net.TcQuery(index, egress, ref found, out _));
                    Assert.Equal(ProgramId(second), found.ProgramId);
                    Assert.Equal(0, net.TcDetach(index, egress, found, out _));
                    Assert.True(net.TcQuery(index, egress, ref found, out why) < 0);
                    Assert.Matches("find|found", why);
                }

                Assert.Equal(0, net.TcDestroyHook(index, out _));
                Assert.NotEqual(0, net.TcDestroyHook(index, out _));
            }
            finally
            {
                Kernel.Close(first);
                Kernel.Close(second);
            }
        });
    }

    [Fact]
    public void A_waiter_wakes_and_times_out()
    {
        Assert.Equal(0, Kernel.CreateWaiter(out IKernelWaiter? waiter));
        using (waiter!)
        {
            Span<uint> tokens = stackalloc uint[4];
            Assert.Equal(0, waiter!.Wait(tokens, 0));
            waiter.Wake();
            Assert.Equal(0, waiter.Wait(tokens, -1));
            var waker = new Thread(waiter.Wake);
            waker.Start();
            Assert.Equal(0, waiter.Wait(tokens, -1));
            waker.Join();
        }

        Assert.Throws<ObjectDisposedException>(() => waiter!.Wait(default, 0));
    }

    private static int Load(uint type)
    {
        ReadOnlySpan<ulong> code = [0x00000002_000000b7, 0x95];
        fixed (ulong* insns = code)
        fixed (byte* license = "GPL\0"u8)
        {
            bpf_attr_prog_load attr = default;
            attr.prog_type = type;
            attr.insns = (ulong)insns;
            attr.insn_cnt = 2;
            attr.license = (ulong)license;
            int fd = Kernel.Bpf(BpfCommand.ProgLoad, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_prog_load));
            Assert.True(fd >= 0, $"program load: {fd}");
            return fd;
        }
    }

    private static uint ProgramId(int fd)
    {
        bpf_prog_info info = default;
        var attr = new bpf_attr_info { bpf_fd = (uint)fd, info_len = (uint)sizeof(bpf_prog_info), info = (ulong)&info };
        Assert.Equal(0, Kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_info)));
        return info.id;
    }
}
