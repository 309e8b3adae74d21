using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>Programs, and users of their maps, that mean harm: the kernel goes on and the process lives.</summary>
public sealed unsafe class AbuseTests : IDisposable
{
    private readonly TestMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Maps_are_closed_and_elements_deleted_while_programs_use_them()
    {
        int map = _machine.CreateMap(BpfMapType.Hash, 4, 16, 64);
        int fd = _machine.Load(WrongProgramTests.Code(a => a
            .Store(BpfSize.Word, R10, -4, 1).Mov(R2, R10).Add(R2, -4).LoadMapFd(R1, map).Call(BpfHelperId.MapLookupElem).Jeq(R0, 0, "none")
            .Mov(R6, R0).Mov(R7, 1000)
            .Label("again").Load(BpfSize.DoubleWord, R1, R6, 8).Add(R1, 1).Store(BpfSize.DoubleWord, R6, 8, R1).Sub(R7, 1).Jne(R7, 0, "again")
            .Label("none").Mov(R0, 0)));
        byte[] key = [1, 0, 0, 0];
        using var stop = new CancellationTokenSource();
        var changes = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _machine.Update(map, key, new byte[16]);
                Delete(map, key);
            }
        });
        changes.Start();
        for (int i = 0; i < 2_000; i++)
            Assert.Equal(0, _machine.TestRun(fd, out _));
        stop.Cancel();
        changes.Join();
        _machine.Kernel.Close(map);
        Assert.Equal(0, _machine.TestRun(fd, out _));
        Assert.Null(_machine.Kernel.LastFault);
    }

    [Fact]
    public void A_timer_that_starts_itself_again_lets_the_caller_go_on()
    {
        using var kernel = new EmulatedKernel();
        kernel.Clock.UseVirtualTime();
        using BpfObject loaded = BpfObject.OpenAndLoad(
            Path.Combine(AppContext.BaseDirectory, "differential", "timer_start.bpf.o"), new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed });
        loaded.Programs["arm"].TestRun(new byte[64]);
        kernel.Clock.Advance(TimeSpan.FromDays(1));
        Assert.InRange(kernel.RunTimers(), 1, 100_000);
        Assert.Null(kernel.LastFault);
    }

    [Fact]
    public void Tail_calls_in_a_circle_end()
    {
        int programs = _machine.CreateMap(BpfMapType.ProgArray, 4, 4, 1);
        int fd = _machine.Load(WrongProgramTests.Code(a => a.LoadMapFd(R2, programs).Mov(R3, 0).Call(BpfHelperId.TailCall).Mov(R0, 33)));
        Assert.Equal(0, _machine.Update(programs, new byte[4], BitConverter.GetBytes(fd)));
        Assert.Equal(0, _machine.TestRun(fd, out uint result));
        Assert.Equal(33u, result);
        Assert.Equal(0, Delete(programs, new byte[4]));
    }

    [Fact]
    public void A_user_ring_buffer_with_a_wild_header_is_an_error()
    {
        int map = _machine.CreateMap(BpfMapType.UserRingBuf, 0, 0, 4096);
        int fd = _machine.Load(WrongProgramTests.Code(
            a => a.LoadMapFd(R1, map).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(BpfHelperId.UserRingbufDrain).Exit().Label("f").Mov(R0, 0).Exit(), exit: false));
        nint consumer = 0, producer = 0;
        Assert.Equal(0, _machine.Kernel.MapMemory(map, 4096, MemoryProtection.Read, MemorySharing.Shared, 0, ref consumer));
        Assert.Equal(0, _machine.Kernel.MapMemory(map, 4096 + 8192, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 4096, ref producer));
        var random = new Random(5);
        for (int i = 0; i < 5_000; i++)
        {
            *(ulong*)producer = random.Next(3) switch { 0 => (ulong)random.NextInt64(), 1 => (ulong)random.Next(64) * 8, _ => (ulong)random.Next(8192) };
            for (int at = 0; at < 4096; at += 8)
                *(ulong*)(producer + 4096 + at) = random.Next(2) == 0 ? (uint)random.Next(256) : (ulong)random.NextInt64();
            Assert.Equal(0, _machine.TestRun(fd, out _));
        }

        Assert.Null(_machine.Kernel.LastFault);
        _machine.Kernel.UnmapMemory(consumer, 4096);
        _machine.Kernel.UnmapMemory(producer, 4096 + 8192);
    }

    [Fact]
    public void A_ring_buffer_whose_reader_moves_its_position_anywhere_stays_in_bounds()
    {
        int map = _machine.CreateMap(BpfMapType.RingBuf, 0, 0, 4096);
        int fd = _machine.Load(WrongProgramTests.Code(a => a
            .LoadMapFd(R1, map).Mov(R2, 256).Mov(R3, 0).Call(BpfHelperId.RingbufReserve).Jeq(R0, 0, "full")
            .Store(BpfSize.DoubleWord, R0, 248, -1).Mov(R1, R0).Mov(R2, 0).Call(BpfHelperId.RingbufSubmit).Label("full").Mov(R0, 0)));
        nint consumer = 0;
        Assert.Equal(0, _machine.Kernel.MapMemory(map, 4096, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref consumer));
        var random = new Random(6);
        for (int i = 0; i < 5_000; i++)
        {
            *(ulong*)consumer = random.Next(2) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(8192);
            Assert.Equal(0, _machine.TestRun(fd, out _));
        }

        Assert.Null(_machine.Kernel.LastFault);
        _machine.Kernel.UnmapMemory(consumer, 4096);
    }

    [Fact]
    public void Helpers_over_overlapping_and_foreign_memory_move_what_they_may()
    {
        int fd = _machine.Load(WrongProgramTests.Code(a => a
            .Store(BpfSize.DoubleWord, R10, -16, 1).Store(BpfSize.DoubleWord, R10, -8, 2)
            .Mov(R1, R10).Add(R1, -12).Mov(R2, 8).Mov(R3, R10).Add(R3, -16).Call(BpfHelperId.ProbeReadKernel)
            .Mov(R6, R0).Mov(R1, R10).Add(R1, -16).Mov(R2, 8).LoadImm64(R3, 0xffff_8880_1234_5678).Call(BpfHelperId.ProbeReadKernel)
            .Add(R0, R6)), BpfProgramType.RawTracepoint);
        EmulatedRun run = _machine.Kernel.Run(fd, 0UL);
        Assert.Null(run.Fault);
        Assert.Equal(-14L, (long)run.Result);
    }

    private int Delete(int map, byte[] key)
    {
        fixed (byte* bytes = key)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map;
            attr.map_elem.key = (ulong)bytes;
            return _machine.Kernel.Bpf(BpfCommand.MapDeleteElem, ref attr, 32);
        }
    }
}
