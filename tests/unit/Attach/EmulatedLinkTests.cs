using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Unit.Attach;

/// <summary>Links of every kind on the emulator, by the calls of the program kinds: what the kernel tells of them, and what their owner can do.</summary>
public sealed class EmulatedLinkTests : IDisposable
{
    private readonly EmulatedKernel _kernel = new();
    private readonly List<IDisposable> _made = [];

    public void Dispose()
    {
        _made.ForEach(m => m.Dispose());
        _kernel.Dispose();
    }

    [Fact]
    public void Raw_tracepoint()
    {
        BpfProgram program = Load(BpfProgramType.RawTracepoint);
        BpfRawTracepointLinkInfo info = Info<BpfRawTracepointLinkInfo>(new BpfRawTracepointProgram(program).Attach("sys_enter", cookie: 5), program);
        Assert.Equal(("sys_enter", 5UL), (info.Name, info.Cookie));
    }

    [Fact]
    public void Tracepoint_kprobe_uprobe_and_counter()
    {
        BpfProgram tracepoint = Load(BpfProgramType.Tracepoint);
        BpfPerfEventLinkInfo info = Info<BpfPerfEventLinkInfo>(new BpfTracepointProgram(tracepoint).Attach("syscalls", "sys_enter_openat", cookie: 9), tracepoint);
        Assert.Equal((BpfPerfEventLinkKind.Tracepoint, "sys_enter_openat", 9UL), (info.Kind, info.Name, info.Cookie));

        BpfProgram probe = Load(BpfProgramType.Kprobe);
        info = Info<BpfPerfEventLinkInfo>(new BpfKprobeProgram(probe).Attach("vfs_read", offset: 16, cookie: 7), probe);
        Assert.Equal((BpfPerfEventLinkKind.Kprobe, "vfs_read", 16UL, 7UL), (info.Kind, info.Name, info.Offset, info.Cookie));
        Assert.Equal(BpfPerfEventLinkKind.Kretprobe, Info<BpfPerfEventLinkInfo>(new BpfKprobeProgram(probe).Attach("vfs_read", onReturn: true), probe).Kind);
        info = Info<BpfPerfEventLinkInfo>(new BpfUprobeProgram(probe).Attach("/bin/tool", 0x123, new BpfUprobeOptions { Cookie = 3 }), probe);
        Assert.Equal((BpfPerfEventLinkKind.Uprobe, "/bin/tool", 0x123UL, 3UL), (info.Kind, info.Name, info.Offset, info.Cookie));
        info = Info<BpfPerfEventLinkInfo>(new BpfUprobeProgram(probe).Attach("/bin/tool", 0x123, new BpfUprobeOptions { OnReturn = true }), probe);
        Assert.Equal(BpfPerfEventLinkKind.Uretprobe, info.Kind);

        BpfProgram counter = Load(BpfProgramType.PerfEvent);
        info = Info<BpfPerfEventLinkInfo>(new BpfPerfEventProgram(counter).Attach(new BpfPerfEvent { Period = 1000, ProcessId = 0 }), counter);
        Assert.Equal((BpfPerfEventLinkKind.Event, "", 1u), (info.Kind, info.Name, info.EventType)); // PERF_TYPE_SOFTWARE
    }

    [Fact]
    public void Many_functions_by_one_link()
    {
        BpfProgram kernel = Load(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        BpfKprobeMultiLinkInfo functions = Info<BpfKprobeMultiLinkInfo>(new BpfKprobeMultiProgram(kernel).Attach(["vfs_read", "vfs_write"], onReturn: true, cookies: [1, 2]), kernel);
        Assert.True(functions.OnReturn);
        Assert.Equal([0, 0], functions.Addresses);
        Assert.Equal([1, 2], functions.Cookies);
        Assert.Empty(Info<BpfKprobeMultiLinkInfo>(new BpfKprobeMultiProgram(kernel).Attach(["vfs_read"]), kernel).Cookies);

        BpfProgram user = Load(BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti);
        BpfUprobeMultiLinkInfo places = Info<BpfUprobeMultiLinkInfo>(new BpfUprobeMultiProgram(user).Attach("/bin/tool", [0x10, 0x2a0], cookies: [4, 5]), user);
        Assert.Equal("/bin/tool", places.Path);
        Assert.False(places.OnReturn);
        Assert.Equal([0x10, 0x2a0], places.Offsets);
        Assert.Equal([4, 5], places.Cookies);
    }

    [Fact]
    public void Network_devices_and_namespaces()
    {
        int index = _kernel.CreateInterface("eth0");
        _kernel.CreateNetworkNamespace("/run/netns/a");
        BpfProgram xdp = Load(BpfProgramType.Xdp);
        BpfLink link = new BpfXdpProgram(xdp).Attach("eth0");
        Assert.Equal(index, Info<BpfXdpLinkInfo>(link, xdp).InterfaceIndex);
        Assert.Equal(BpfErrno.EBUSY, Assert.Throws<BpfException>(() => new BpfXdpProgram(xdp).Attach("eth0")).Errno);
        using BpfLink second = BpfLink.OpenById(link.Id, _kernel);
        link.Detach();
        Assert.Equal(0, Assert.IsType<BpfXdpLinkInfo>(second.GetInfo()).InterfaceIndex);

        BpfProgram tc = Load(BpfProgramType.SchedCls);
        BpfTcxLinkInfo tcx = Info<BpfTcxLinkInfo>(new BpfTcProgram(tc).AttachTcx("eth0", BpfTcDirection.Egress), tc);
        Assert.Equal((index, BpfAttachType.TcxEgress), (tcx.InterfaceIndex, tcx.AttachType));
        BpfNetkitLinkInfo netkit = Info<BpfNetkitLinkInfo>(new BpfTcProgram(tc).AttachNetkit("eth0", peer: true), tc);
        Assert.Equal((index, BpfAttachType.NetkitPeer), (netkit.InterfaceIndex, netkit.AttachType));

        BpfProgram lookup = Load(BpfProgramType.SkLookup, BpfAttachType.SkLookup);
        BpfNetworkNamespaceLinkInfo space = Info<BpfNetworkNamespaceLinkInfo>(new BpfSkLookupProgram(lookup).Attach("/run/netns/a"), lookup);
        Assert.NotEqual(0u, space.NamespaceInode);
        Assert.Equal(BpfAttachType.SkLookup, space.AttachType);

        BpfProgram filter = Load(BpfProgramType.Netfilter, BpfAttachType.Netfilter);
        BpfNetfilterLinkInfo hook = Info<BpfNetfilterLinkInfo>(new BpfNetfilterProgram(filter).Attach(BpfNetfilterFamily.IPv6, BpfNetfilterHook.Forward, -5, true), filter);
        Assert.Equal((BpfNetfilterFamily.IPv6, BpfNetfilterHook.Forward, -5, 1u), (hook.Family, hook.Hook, hook.Priority, hook.Flags));
        Assert.Equal(BpfErrno.ERANGE, Assert.Throws<BpfException>(() => new BpfNetfilterProgram(filter).Attach(BpfNetfilterFamily.IPv4, BpfNetfilterHook.LocalIn, int.MaxValue)).Errno);
    }

    [Fact]
    public void Cgroup_socket_map_and_iterators()
    {
        ulong id = _kernel.CreateCgroup("/sys/fs/cgroup/test");
        BpfProgram skb = Load(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetEgress);
        BpfCgroupLinkInfo cgroup = Info<BpfCgroupLinkInfo>(new BpfCgroupProgram(skb).Attach("/sys/fs/cgroup/test"), skb);
        Assert.Equal((id, BpfAttachType.CgroupInetEgress), (cgroup.CgroupId, cgroup.AttachType));

        using var map = BpfMap.Create(_kernel, new BpfMapSpec { Type = BpfMapType.SockHash, KeySize = 4, ValueSize = 8, MaxEntries = 4, Name = "sockets" });
        BpfProgram message = Load(BpfProgramType.SkMsg, BpfAttachType.SkMsgVerdict);
        BpfSocketMapLinkInfo sockets = Info<BpfSocketMapLinkInfo>(new BpfSocketMapProgram(message).Attach(map), message);
        Assert.Equal((map.Id, BpfAttachType.SkMsgVerdict), (sockets.MapId, sockets.AttachType));
        using BpfLink legacy = new BpfSocketMapProgram(message).AttachWithoutLink(map);
        Assert.Equal(-1, legacy.FileDescriptor);
    }

    [Fact]
    public void A_link_is_updated_pinned_found_again_and_left()
    {
        int index = _kernel.CreateInterface("eth0");
        BpfProgram first = Load(BpfProgramType.Xdp), second = Load(BpfProgramType.Xdp);
        BpfLink link = new BpfXdpProgram(first).Attach("eth0");
        Assert.Equal(BpfErrno.EPERM, Assert.Throws<BpfException>(() => link.Update(second, expected: second)).Errno);
        link.Update(second, expected: first);
        Assert.Equal(second.Id, link.GetInfo().ProgramId);
        link.Pin("/sys/fs/bpf/link");
        uint id = link.Id;
        Assert.Contains(BpfLink.Enumerate(_kernel), l => l is BpfXdpLinkInfo xdp && xdp.Id == id && xdp.InterfaceIndex == index);
        link.Dispose();
        Assert.Single(_kernel.RaiseXdp(index, new byte[60]));
        BpfLink again = BpfLink.OpenPinned("/sys/fs/bpf/link", _kernel);
        again.Unpin();
        int fd = again.Release();
        Assert.Contains(id, BpfLink.EnumerateIds(_kernel));
        BpfLink adopted = BpfLink.FromFileDescriptor(fd, _kernel);
        Assert.Equal(id, adopted.Id);
        adopted.Dispose();
        Assert.DoesNotContain(id, BpfLink.EnumerateIds(_kernel));
        Assert.Empty(_kernel.RaiseXdp(index, new byte[60]));
        Assert.Equal(BpfErrno.ENOENT, Assert.Throws<BpfException>(() => BpfLink.OpenById(id, _kernel)).Errno);
    }

    [Fact]
    public void What_is_no_link_is_not_taken_for_one()
    {
        BpfProgram program = Load(BpfProgramType.Xdp);
        program.Pin("/sys/fs/bpf/program");
        Assert.Equal(BpfErrno.EINVAL, Assert.Throws<BpfException>(() => BpfLink.OpenPinned("/sys/fs/bpf/program", _kernel)).Errno);
        Assert.Equal(BpfErrno.EINVAL, Assert.Throws<BpfException>(() => BpfLink.FromFileDescriptor(program.FileDescriptor, _kernel)).Errno);
        Assert.NotEqual(0u, program.Id);
    }

    private static T Info<T>(BpfLink link, BpfProgram program)
        where T : BpfLinkInfo
    {
        T info = Assert.IsType<T>(link.GetInfo());
        Assert.Equal((link.Id, program.Id), (info.Id, info.ProgramId));
        if (link.IsAttached && info is not BpfXdpLinkInfo)
            link.Dispose();
        return info;
    }

    private BpfProgram Load(BpfProgramType type, BpfAttachType attachType = 0)
    {
        BpfInstruction[] code = new BpfAssembler().Mov(BpfRegister.R0, 1).Exit().Build();
        var program = BpfProgram.Load(_kernel, type, code, new BpfProgramLoadOptions { ExpectedAttachType = attachType, Name = "p", License = "GPL" });
        _made.Add(program);
        return program;
    }
}
