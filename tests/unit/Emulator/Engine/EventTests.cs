using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>Links recorded by the emulator, and events that a test raises.</summary>
public sealed unsafe class EventTests : IDisposable
{
    private readonly TestMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_raw_tracepoint_runs_what_is_attached_until_the_link_is_closed()
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.DoubleWord, R0, R1, 8)), BpfProgramType.RawTracepoint);
        int link = OpenRawTracepoint(fd, "sys_enter");
        Assert.True(link > 0);
        Assert.Empty(_machine.Kernel.RaiseRawTracepoint("sys_exit", 1, 2));
        EmulatedRun run = Assert.Single(_machine.Kernel.RaiseRawTracepoint("sys_enter", 1, 59));
        Assert.Equal(59u, run.Result);
        Assert.Null(run.Fault);
        _machine.Kernel.Close(link);
        Assert.Empty(_machine.Kernel.RaiseRawTracepoint("sys_enter", 1, 59));
    }

    [Fact]
    public void An_argument_can_point_to_memory_that_closes_with_the_run()
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.DoubleWord, R2, R1, 0).Load(BpfSize.Word, R0, R2, 4)), BpfProgramType.RawTracepoint);
        Assert.Equal(7u, _machine.Kernel.Run(fd, EventArgument.PointerTo([0, 0, 0, 0, 7, 0, 0, 0])).Result);
        Assert.Equal(BpfFaultKind.OutOfBounds, _machine.Kernel.Run(fd, EventArgument.PointerTo([1, 2, 3, 4])).Fault?.Kind);
        Assert.Equal(BpfFaultKind.InvalidAddress, _machine.Kernel.Run(fd, 0x123456).Fault?.Kind);
    }

    [Fact]
    public void A_tracepoint_by_perf_event_gets_its_record_and_cookie()
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.Word, R0, R1, 8)), BpfProgramType.Tracepoint);
        int id = _machine.Kernel.Facts.GetTracepointId("syscalls", "sys_enter_openat");
        byte* attributes = stackalloc byte[112];
        new Span<byte>(attributes, 112).Clear();
        *(uint*)attributes = 2;
        *(uint*)(attributes + 4) = 112;
        *(ulong*)(attributes + 8) = (ulong)id;
        int perfEvent = _machine.Kernel.OpenPerfEvent(ref *attributes, -1, 0, -1, 0);
        Assert.True(perfEvent > 0);
        BpfAttr attr = default;
        attr.link_create.prog_fd = (uint)fd;
        attr.link_create.target_fd = (uint)perfEvent;
        attr.link_create.attach_type = (uint)BpfAttachType.PerfEvent;
        int link = _machine.Kernel.Bpf(BpfCommand.LinkCreate, ref attr, BpfAttr.ByteSize);
        Assert.True(link > 0);
        byte[] record = [0, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0];
        Assert.Empty(_machine.Kernel.RaiseTracepoint("syscalls", "sys_enter_openat", record)); // not enabled yet
        Assert.Equal(0, _machine.Kernel.ControlPerfEvent(perfEvent, 0x2400, 0));
        Assert.Equal(42u, Assert.Single(_machine.Kernel.RaiseTracepoint("syscalls", "sys_enter_openat", record)).Result);
    }

    [Fact]
    public void An_XDP_link_is_the_only_one_of_its_interface_and_gives_the_packet_back()
    {
        int index = _machine.Kernel.CreateInterface("eth0");
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.Word, R2, R1, 0).Store(BpfSize.Byte, R2, 0, 0x55).Load(BpfSize.Word, R0, R1, 12)), BpfProgramType.Xdp);
        BpfAttr attr = default;
        attr.link_create.prog_fd = (uint)fd;
        attr.link_create.target_ifindex = (uint)index;
        attr.link_create.attach_type = (uint)BpfAttachType.Xdp;
        int link = _machine.Kernel.Bpf(BpfCommand.LinkCreate, ref attr, BpfAttr.ByteSize);
        Assert.True(link > 0);
        Assert.Equal(-(int)BpfErrno.EBUSY, _machine.Kernel.Bpf(BpfCommand.LinkCreate, ref attr, BpfAttr.ByteSize));
        attr.link_create.target_ifindex = 99;
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.Kernel.Bpf(BpfCommand.LinkCreate, ref attr, BpfAttr.ByteSize));
        EmulatedRun run = Assert.Single(_machine.Kernel.RaiseXdp(index, new byte[60]));
        Assert.Equal((uint)index, run.Result);
        Assert.Equal(0x55, run.Packet.Span[0]);

        bpf_link_info info = default;
        attr = default;
        attr.info.bpf_fd = (uint)link;
        attr.info.info = (ulong)&info;
        attr.info.info_len = (uint)sizeof(bpf_link_info);
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, BpfAttr.ByteSize));
        Assert.Equal((uint)BpfLinkType.Xdp, info.type);
        Assert.Equal((uint)index, info.xdp_ifindex);
        attr = default;
        attr.link_detach.link_fd = (uint)link;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.LinkDetach, ref attr, BpfAttr.ByteSize));
        Assert.Empty(_machine.Kernel.RaiseXdp(index, new byte[60]));
    }

    [Fact]
    public void Programs_of_a_cgroup_are_attached_queried_run_and_detached()
    {
        _machine.Kernel.CreateCgroup("/sys/fs/cgroup/test");
        int cgroup = _machine.Kernel.OpenPath("/sys/fs/cgroup/test");
        int fd = _machine.TryLoad(WrongProgramTests.Code(a => a.Mov(R0, 1)), BpfProgramType.CgroupSkb, attachType: BpfAttachType.CgroupInetIngress);
        BpfAttr attr = default;
        attr.prog_attach.target_fd = (uint)cgroup;
        attr.prog_attach.attach_bpf_fd = (uint)fd;
        attr.prog_attach.attach_type = (uint)BpfAttachType.CgroupInetIngress;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgAttach, ref attr, BpfAttr.ByteSize));
        Assert.Equal(1u, Assert.Single(_machine.Kernel.RaiseCgroup("/sys/fs/cgroup/test", BpfAttachType.CgroupInetIngress, new byte[64])).Result);
        uint* ids = stackalloc uint[4];
        BpfAttr query = default;
        query.query.target_fd = (uint)cgroup;
        query.query.attach_type = (uint)BpfAttachType.CgroupInetIngress;
        query.query.prog_ids = (ulong)ids;
        query.query.count = 4;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgQuery, ref query, BpfAttr.ByteSize));
        Assert.Equal(1u, query.query.count);
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgDetach, ref attr, BpfAttr.ByteSize));
        Assert.Equal(-(int)BpfErrno.ENOENT, _machine.Kernel.Bpf(BpfCommand.ProgDetach, ref attr, BpfAttr.ByteSize));
        Assert.Empty(_machine.Kernel.RaiseCgroup("/sys/fs/cgroup/test", BpfAttachType.CgroupInetIngress, new byte[64]));
    }

    [Fact]
    public void A_test_adds_its_own_helper()
    {
        _machine.Kernel.RegisterHelper(9_000, "bpf_my_helper", call =>
        {
            byte[] bytes = new byte[4];
            return call.TryRead(call.Argument(0), bytes) ? BitConverter.ToInt32(bytes) + (long)call.Argument(1) : -14;
        });
        Assert.Equal(48u, _machine.Run(WrongProgramTests.Code(a => a.Store(BpfSize.Word, R10, -4, 40).Mov(R1, R10).Add(R1, -4).Mov(R2, 8).Call(9_000))));
        Assert.Equal(unchecked((uint)-14), _machine.Run(WrongProgramTests.Code(a => a.Mov(R1, 4).Mov(R2, 8).Call(9_000))));
    }

    [Fact]
    public void A_helper_that_throws_ends_the_run_and_not_the_kernel()
    {
        _machine.Kernel.RegisterHelper(9_000, "bpf_broken", _ => throw new InvalidOperationException("broken on purpose"));
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Call(9_000)));
        Assert.Equal(-(int)BpfErrno.EFAULT, _machine.TestRun(fd, out uint _));
        Assert.Contains("broken on purpose", _machine.Kernel.LastFault!.Message, StringComparison.Ordinal);
        Assert.Equal(3u, _machine.Run(WrongProgramTests.Code(a => a.Mov(R0, 3))));
    }

    [Fact]
    public void A_million_elements_are_visited_though_a_run_has_65_thousand_regions()
    {
        int hash = _machine.CreateMap(BpfMapType.Hash, 4, 8, 200_000);
        int fd = _machine.Load(
            WrongProgramTests.Code(
                a => a.Mov(R1, 200_000).LoadFunction(R2, "cb").Mov(R3, 0).Mov(R4, 0).Call(181).Mov(R6, R0)
                    .LoadMapFd(R1, hash).LoadFunction(R2, "each").Mov(R3, 0).Mov(R4, 0).Call(164).Exit()
                    .Label("cb").Store(BpfSize.Word, R10, -4, R1).Store(BpfSize.DoubleWord, R10, -16, 0).Mov(R2, R10).Add(R2, -4).Mov(R3, R10).Add(R3, -16).Mov(R4, 0)
                    .LoadMapFd(R1, hash).Call(2).Mov(R0, 0).Exit()
                    .Label("each").Load(BpfSize.Word, R1, R2, 0).Store(BpfSize.Word, R3, 0, R1).Mov(R0, 0).Exit(),
                exit: false));
        Assert.True(_machine.TestRun(fd, out uint visited) == 0, $"{_machine.Kernel.LastFault}");
        Assert.Equal(200_000u, visited);
        byte[]? value = _machine.Lookup(hash, BitConverter.GetBytes(123_456), 8);
        Assert.Equal(123_456u, BitConverter.ToUInt64(value!));
    }

    [Fact]
    public void What_a_program_outputs_lies_in_the_buffer_of_its_perf_event()
    {
        int events = _machine.CreateMap(BpfMapType.PerfEventArray, 4, 4, 2);
        byte* attributes = stackalloc byte[112];
        new Span<byte>(attributes, 112).Clear();
        *(uint*)attributes = 1; // software
        *(uint*)(attributes + 4) = 112;
        *(ulong*)(attributes + 8) = 10; // PERF_COUNT_SW_BPF_OUTPUT
        int perfEvent = _machine.Kernel.OpenPerfEvent(ref *attributes, -1, 0, -1, 0);
        nint memory = 0;
        Assert.Equal(0, _machine.Kernel.MapMemory(perfEvent, 2 * 4096, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref memory));
        Assert.Equal(0, _machine.Update(events, [0, 0, 0, 0], BitConverter.GetBytes(perfEvent)));
        int fd = _machine.Load(
            WrongProgramTests.Code(a => a.Mov(R6, R1).Store(BpfSize.DoubleWord, R10, -8, 0x1234).Mov(R1, R6).LoadMapFd(R2, events).LoadImm64(R3, 0xffff_ffffUL).Mov(R4, R10).Add(R4, -8).Mov(R5, 8).Call(25)),
            BpfProgramType.Kprobe);
        Assert.Equal(0u, _machine.Kernel.Run(fd, new byte[168].AsSpan()).Result);
        byte* header = (byte*)memory;
        Assert.Equal(24u, *(ulong*)(header + 1024)); // head
        Assert.Equal(9u, *(uint*)(header + 4096)); // PERF_RECORD_SAMPLE
        Assert.Equal(24, *(ushort*)(header + 4096 + 6));
        Assert.Equal(12u, *(uint*)(header + 4096 + 8));
        Assert.Equal(0x1234u, *(ulong*)(header + 4096 + 12));
        for (int i = 0; i < 200; i++)
            _machine.Kernel.Run(fd, new byte[168].AsSpan());
        Assert.Equal(unchecked((ulong)-(long)BpfErrno.ENOSPC), _machine.Kernel.Run(fd, new byte[168].AsSpan()).Result);
        Assert.Equal(0, _machine.Kernel.UnmapMemory(memory, 2 * 4096));
    }

    private int OpenRawTracepoint(int fd, string name)
    {
        fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(name + "\0"))
        {
            BpfAttr attr = default;
            attr.raw_tracepoint.name = (ulong)text;
            attr.raw_tracepoint.prog_fd = (uint)fd;
            return _machine.Kernel.Bpf(BpfCommand.RawTracepointOpen, ref attr, BpfAttr.ByteSize);
        }
    }
}
