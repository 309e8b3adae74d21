using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>BPF_PROG_TEST_RUN's rules as Linux 6.18 has them.</summary>
public sealed unsafe class TestRunTests : IDisposable
{
    private readonly TestMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_packet_of_less_than_a_header_is_refused()
    {
        int fd = _machine.Load(Return(2), BpfProgramType.Xdp);
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.TestRun(fd, out uint _, new byte[13]));
        Assert.Equal(0, _machine.TestRun(fd, out uint result, new byte[14]));
        Assert.Equal(2u, result);
    }

    [Fact]
    public void Too_small_an_output_buffer_is_ENOSPC_and_tells_the_size()
    {
        int fd = _machine.Load(Return(2), BpfProgramType.Xdp);
        byte[] packet = new byte[100], output = new byte[40];
        packet[5] = 9;
        fixed (byte* data = packet, copy = output)
        {
            BpfAttr attr = Attr(fd, data, 100);
            attr.test.data_out = (ulong)copy;
            attr.test.data_size_out = 40;
            Assert.Equal(-(int)BpfErrno.ENOSPC, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
            Assert.Equal(100u, attr.test.data_size_out);
            Assert.Equal(2u, attr.test.retval);
        }

        Assert.Equal(9, output[5]);
    }

    [Fact]
    public void A_packet_comes_back_as_the_program_left_it()
    {
        int fd = _machine.Load(
            WrongProgramTests.Code(a => a.Load(BpfSize.Word, R2, R1, 0).Load(BpfSize.Word, R3, R1, 4).Mov(R4, R2).Add(R4, 2).Mov(R0, 1).Jgt(R4, R3, "out")
                .Store(BpfSize.Half, R2, 0, 0x0201).Mov(R0, 2).Label("out")),
            BpfProgramType.Xdp);
        byte[] packet = new byte[64], output = new byte[64];
        fixed (byte* data = packet, copy = output)
        {
            BpfAttr attr = Attr(fd, data, 64);
            attr.test.data_out = (ulong)copy;
            attr.test.data_size_out = 64;
            attr.test.repeat = 3;
            Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
            Assert.Equal(64u, attr.test.data_size_out);
        }

        Assert.Equal([1, 2, 0], output[..3]);
        Assert.Equal(0, packet[0]);
    }

    [Theory]
    [InlineData(14, 14u)]
    [InlineData(3520, 3520u)]
    [InlineData(3521, 3520u)]
    [InlineData(5000, 3520u)]
    public void XDP_sees_the_linear_part_and_the_caller_gets_all_back(int size, uint linear)
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.Word, R2, R1, 0).Load(BpfSize.Word, R0, R1, 4).Sub(R0, R2)), BpfProgramType.Xdp);
        byte[] packet = new byte[size], output = new byte[size];
        packet[^1] = 77;
        fixed (byte* data = packet, copy = output)
        {
            BpfAttr attr = Attr(fd, data, (uint)size);
            attr.test.data_out = (ulong)copy;
            attr.test.data_size_out = (uint)size;
            Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
            Assert.Equal(linear, attr.test.retval);
            Assert.Equal((uint)size, attr.test.data_size_out);
        }

        Assert.Equal(77, output[^1]);
    }

    [Theory]
    [InlineData(0u, 64u, 0u, 0u, 0, 64u)]
    [InlineData(8u, 64u, 0u, 0u, 0, 64u)]
    [InlineData(6u, 64u, 0u, 0u, -22, 0u)]
    [InlineData(0u, 40u, 0u, 0u, 0, 40u)]
    [InlineData(0u, 65u, 0u, 0u, -22, 0u)]
    [InlineData(0u, 64u, 1u, 0u, 0, 64u)]
    [InlineData(0u, 64u, 99u, 0u, -19, 0u)]
    [InlineData(0u, 64u, 0u, 1u, -22, 0u)]
    public void An_xdp_md_goes_in_and_comes_back(uint data, uint dataEnd, uint ifindex, uint queue, int expected, uint dataEndOut)
    {
        int fd = _machine.Load(Return(2), BpfProgramType.Xdp);
        byte* packet = stackalloc byte[64];
        uint* md = stackalloc uint[6];
        uint* back = stackalloc uint[6];
        (md[0], md[1], md[3], md[4]) = (data, dataEnd, ifindex, queue);
        BpfAttr attr = Attr(fd, packet, 64);
        attr.test.ctx_in = (ulong)md;
        attr.test.ctx_size_in = 24;
        attr.test.ctx_out = (ulong)back;
        attr.test.ctx_size_out = 24;
        Assert.Equal(expected, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
        if (expected != 0)
            return;
        Assert.Equal((data, dataEndOut, ifindex), (back[0], back[1], back[3]));
        Assert.Equal(64u, attr.test.data_size_out);
    }

    [Theory]
    [InlineData(3712, 0)]
    [InlineData(3713, -22)]
    public void A_socket_buffer_takes_what_fits_a_page(int size, int expected) =>
        Assert.Equal(expected, _machine.TestRun(_machine.Load(Return(0), BpfProgramType.SchedCls), out uint _, new byte[size]));

    [Theory]
    [InlineData(BpfProgramType.SchedCls, 64u)]
    [InlineData(BpfProgramType.SocketFilter, 50u)]
    [InlineData(BpfProgramType.CgroupSkb, 50u)]
    public void The_length_counts_the_link_header_where_the_type_sees_it(BpfProgramType type, uint length)
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.Word, R0, R1, 0).And(R0, type == BpfProgramType.CgroupSkb ? 0 : -1)), type);
        int error = _machine.TestRun(fd, out uint result);
        Assert.Equal(0, error);
        Assert.Equal(type == BpfProgramType.CgroupSkb ? 0 : length, result);
    }

    [Fact]
    public void A_cpu_is_refused_for_socket_buffers()
    {
        int fd = _machine.Load(Return(0), BpfProgramType.SchedCls);
        byte* data = stackalloc byte[64];
        BpfAttr attr = Attr(fd, data, 64);
        attr.test.cpu = 1;
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
    }

    [Fact]
    public void An_skb_context_goes_in_and_comes_back()
    {
        int fd = _machine.Load(
            WrongProgramTests.Code(a => a.Load(BpfSize.Word, R0, R1, 48).Load(BpfSize.Word, R2, R1, 8).Add(R2, 1).Store(BpfSize.Word, R1, 8, R2).Store(BpfSize.Word, R1, 52, R0)),
            BpfProgramType.SchedCls);
        byte* data = stackalloc byte[64];
        uint* context = stackalloc uint[48];
        uint* back = stackalloc uint[48];
        context[2] = 41; // mark
        context[12] = 7; // cb[0]
        BpfAttr attr = Attr(fd, data, 64);
        attr.test.ctx_in = (ulong)context;
        attr.test.ctx_size_in = 192;
        attr.test.ctx_out = (ulong)back;
        attr.test.ctx_size_out = 192;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
        Assert.Equal(7u, attr.test.retval);
        Assert.Equal(42u, back[2]);
        Assert.Equal(7u, back[13]);
        context[0] = 1; // len cannot be set
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
    }

    [Fact]
    public void Raw_tracepoints_take_arguments_and_no_repeat()
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.DoubleWord, R0, R1, 8)), BpfProgramType.RawTracepoint);
        ulong* arguments = stackalloc ulong[2];
        arguments[1] = 77;
        BpfAttr attr = default;
        attr.test.prog_fd = (uint)fd;
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize)); // reads 16 bytes, has none
        attr.test.ctx_in = (ulong)arguments;
        attr.test.ctx_size_in = 16;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
        Assert.Equal(77u, attr.test.retval);
        attr.test.repeat = 2;
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
        attr.test.repeat = 0;
        attr.test.flags = 1;
        attr.test.cpu = 7;
        Assert.Equal(-(int)BpfErrno.ENXIO, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
        attr.test.cpu = 1;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
    }

    [Fact]
    public void System_call_programs_change_their_context_in_place()
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.Word, R2, R1, 0).Mul(R2, 2).Store(BpfSize.Word, R1, 4, R2).Mov(R0, 5)), BpfProgramType.Syscall, flags: 16);
        uint* context = stackalloc uint[2];
        context[0] = 21;
        BpfAttr attr = default;
        attr.test.prog_fd = (uint)fd;
        attr.test.ctx_in = (ulong)context;
        attr.test.ctx_size_in = 8;
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
        Assert.Equal(5u, attr.test.retval);
        Assert.Equal(42u, context[1]);
        attr.test.repeat = 1;
        Assert.Equal(-(int)BpfErrno.EINVAL, _machine.Kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
    }

    [Theory]
    [InlineData(BpfProgramType.Tracepoint)]
    [InlineData(BpfProgramType.Kprobe)]
    [InlineData(BpfProgramType.PerfEvent)]
    [InlineData(BpfProgramType.SockOps)]
    [InlineData(BpfProgramType.SkMsg)]
    public void Other_types_have_no_test_run(BpfProgramType type) =>
        Assert.Equal(-(int)BpfErrno.ENOTSUPP, _machine.TestRun(_machine.Load(Return(0), type), out uint _));

    [Fact]
    public void Legacy_packet_loads_read_big_endian_and_end_the_program_beyond_the_packet()
    {
        byte[] packet = new byte[64];
        packet[14 + 2] = 0x12;
        packet[14 + 3] = 0x34;
        int inside = _machine.Load(WrongProgramTests.Code(a => a.Mov(R6, R1).LoadPacketAbsolute(BpfSize.Half, 2).Add(R0, 1)));
        Assert.Equal(0, _machine.TestRun(inside, out uint result, packet));
        Assert.Equal(0x1235u, result);
        int indirect = _machine.Load(WrongProgramTests.Code(a => a.Mov(R6, R1).Mov(R7, 1).LoadPacketIndirect(BpfSize.Byte, R7, 2)));
        Assert.Equal(0, _machine.TestRun(indirect, out result, packet));
        Assert.Equal(0x34u, result);
        int beyond = _machine.Load(WrongProgramTests.Code(a => a.Mov(R6, R1).LoadPacketAbsolute(BpfSize.Word, 49).Mov(R0, 9)));
        Assert.Equal(0, _machine.TestRun(beyond, out result, packet));
        Assert.Equal(0u, result);
    }

    [Fact]
    public void Thirty_three_tail_calls_are_made_and_no_more()
    {
        int array = _machine.CreateMap(BpfMapType.ProgArray, 4, 4, 1);
        int counter = _machine.CreateMap(BpfMapType.Array, 4, 8, 1);
        int fd = _machine.Load(
            WrongProgramTests.Code(a => a.Mov(R6, R1).LoadMapValue(R1, counter, 0).Mov(R2, 1).Atomic(BpfAtomicOperation.Add, BpfSize.DoubleWord, R1, 0, R2)
                .Mov(R1, R6).LoadMapFd(R2, array).Mov(R3, 0).Call(12).Mov(R0, 3)));
        Assert.Equal(0, _machine.Update(array, [0, 0, 0, 0], BitConverter.GetBytes(fd)));
        Assert.Equal(0, _machine.TestRun(fd, out uint result));
        Assert.Equal(3u, result);
        Assert.Equal(34u, BitConverter.ToUInt64(_machine.Lookup(counter, [0, 0, 0, 0], 8)!));
    }

    [Fact]
    public void May_goto_ends_a_loop()
    {
        uint result = _machine.Run(WrongProgramTests.Code(a => a.Mov(R0, 0).Label("l").MayGoto("out").Add(R0, 1).Ja("l").Label("out")));
        Assert.Equal(8u * 1024 * 1024, result);
    }

    [Fact]
    public void Statistics_count_runs_while_they_are_on()
    {
        BpfAttr attr = default;
        int statistics = _machine.Kernel.Bpf(BpfCommand.EnableStats, ref attr, BpfAttr.ByteSize);
        int fd = _machine.Load(Return(0), BpfProgramType.SchedCls);
        _machine.TestRun(fd, out uint _, repeat: 100);
        _machine.Kernel.Close(statistics);
        _machine.TestRun(fd, out uint _, repeat: 100);
        bpf_prog_info info = default;
        attr = default;
        attr.info.bpf_fd = (uint)fd;
        attr.info.info = (ulong)&info;
        attr.info.info_len = (uint)sizeof(bpf_prog_info);
        Assert.Equal(0, _machine.Kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, BpfAttr.ByteSize));
        Assert.Equal(100u, info.run_cnt);
        Assert.Equal((uint)BpfProgramType.SchedCls, info.type);
        Assert.Equal(16u, info.xlated_prog_len);
        Assert.Equal(14325191151180182617u, info.tag); // of these two instructions, recorded on Linux 6.18
        Assert.NotEqual(0u, info.id);
    }

    private static BpfInstruction[] Return(int value) => WrongProgramTests.Code(a => a.Mov(R0, value));

    private static BpfAttr Attr(int fd, byte* data, uint size)
    {
        BpfAttr attr = default;
        attr.test.prog_fd = (uint)fd;
        attr.test.data_in = (ulong)data;
        attr.test.data_size_in = size;
        return attr;
    }
}
