using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>The same seed and virtual time give the same run, to the last bit.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_hundred_replays_with_randomness_time_and_four_cpus_are_equal()
    {
        byte[] first = Play();
        Assert.Contains(first, b => b != 0);
        for (int i = 1; i < 100; i++)
            Assert.True(first.AsSpan().SequenceEqual(Play()), $"replay {i} differs");
    }

    [Fact]
    public void Another_seed_gives_another_run() => Assert.False(Play().AsSpan().SequenceEqual(Play(seed: 2)));

    // Each run stores random number, time, CPU, stack address and value address in a hash, under a key of the random number.
    private static byte[] Play(ulong seed = 1)
    {
        using var machine = new TestMachine(new EmulatedKernelOptions { PossibleCpuCount = 4, Seed = seed });
        machine.Kernel.Clock.UseVirtualTime();
        int hash = machine.CreateMap(BpfMapType.Hash, 8, 40, 512);
        int perCpu = machine.CreateMap(BpfMapType.PerCpuArray, 4, 8, 1);
        int fd = machine.Load(
            WrongProgramTests.Code(a => a
                .Call(7).Mov(R6, R0).Store(BpfSize.DoubleWord, R10, -8, R6)
                .Call(5).Store(BpfSize.DoubleWord, R10, -48, R0)
                .Call(8).Store(BpfSize.DoubleWord, R10, -40, R0)
                .Mov(R1, R10).Store(BpfSize.DoubleWord, R10, -32, R1).Store(BpfSize.DoubleWord, R10, -16, R6)
                .Store(BpfSize.Word, R10, -52, 0).LoadMapFd(R1, perCpu).Mov(R2, R10).Add(R2, -52).Call(1).Jeq(R0, 0, "out")
                .Store(BpfSize.DoubleWord, R10, -24, R0).Load(BpfSize.DoubleWord, R1, R0, 0).Add(R1, R6).Store(BpfSize.DoubleWord, R0, 0, R1)
                .LoadMapFd(R1, hash).Mov(R2, R10).Add(R2, -8).Mov(R3, R10).Add(R3, -48).Mov(R4, 0).Call(2).Label("out").Mov(R0, 0)),
            withLines: false);
        using var output = new MemoryStream();
        for (int i = 0; i < 200; i++)
        {
            machine.Kernel.CurrentCpu = i % 4;
            Assert.Equal(0, machine.TestRun(fd, out uint result));
            output.Write(BitConverter.GetBytes(result));
        }

        output.Write(machine.Lookup(perCpu, new byte[4], 32));
        byte[]? key = null;
        while ((key = NextKey(machine, hash, key)) is not null)
        {
            output.Write(key);
            output.Write(machine.Lookup(hash, key, 40));
        }

        Assert.True(output.Length > 200 * 48, $"{output.Length}");
        return output.ToArray();
    }

    private static unsafe byte[]? NextKey(TestMachine machine, int map, byte[]? key)
    {
        byte[] next = new byte[8];
        fixed (byte* k = key, n = next)
        {
            LibbpfSharp.Interop.BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)map;
            attr.map_elem.key = (ulong)k;
            attr.map_elem.next_key = (ulong)n;
            return machine.Kernel.Bpf(LibbpfSharp.Interop.BpfCommand.MapGetNextKey, ref attr, 32) == 0 ? next : null;
        }
    }
}
