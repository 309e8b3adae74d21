using LibbpfSharp.Emulator;

namespace LibbpfSharp.UnitTests.Emulator.Helpers;

/// <summary>Helpers and contexts of programs that no test run reaches: objects of tests/objects/differential, run over events.</summary>
public sealed unsafe class EventTests
{
    [Fact]
    public void ATimerFiresWhenVirtualTimeReachesIt()
    {
        using var kernel = new EmulatedKernel();
        kernel.Clock.UseVirtualTime();
        using BpfObject loaded = Load(kernel, "timer_start");
        byte[] packet = new byte[64];
        loaded.Programs["arm"].TestRun(packet);
        Assert.Equal(0, kernel.RunTimers());
        kernel.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, kernel.RunTimers());
        Assert.Equal(0, kernel.RunTimers());
        Span<byte> value = stackalloc byte[24];
        Assert.True(loaded.Maps["entries"].LookupElem(BitConverter.GetBytes(7), value));
        Assert.Equal(7ul, BitConverter.ToUInt64(value));
        Assert.Null(kernel.LastFault);
    }

    [Fact]
    public void AnAddressHookReadsAndWritesItsContext()
    {
        using var kernel = new EmulatedKernel();
        using BpfObject loaded = Load(kernel, "load_cgroup");
        using var state = new EventState(72);
        BitConverter.TryWriteBytes(state.Fields[4..], 0x0100007fu);
        Assert.Equal(1ul, Run(kernel, loaded.Programs["connect"], state));
        Assert.Equal(0x5000, BitConverter.ToInt32(state.Fields[24..]));
        Assert.Equal(-1, state.ReturnValue);
        Assert.Equal(16, state.Bound?.Length);
        Assert.Equal(0, Result(loaded, 0));
    }

    [Fact]
    public void ASysctlHookSeesNameAndValues()
    {
        using var kernel = new EmulatedKernel();
        using BpfObject loaded = Load(kernel, "load_cgroup");
        using var state = new EventState(8) { SysctlName = "net/ipv4/ip_forward", SysctlCurrent = "0\n"u8.ToArray() };
        Assert.Equal(1ul, Run(kernel, loaded.Programs["sysctl"], state));
        Assert.Equal("net/ipv4/ip_forward".Length, Result(loaded, 10));
        Assert.Equal(2, Result(loaded, 11));
        Assert.Equal(-22, Result(loaded, 12));
    }

    [Fact]
    public void FieldsOfContextsLieInsideAndAreFoundByName()
    {
        foreach (EventKind kind in ProgramKinds.All.OfType<EventKind>())
        {
            Assert.All(kind.Fields, field => Assert.True(field.End <= kind.ContextSize, $"{kind.Name}.{field.Name}"));
            Assert.All(kind.Fields, field => Assert.True(kind.TryFindField(field.Name, out uint offset, out _) && offset == field.Offset, field.Name));
        }

        Assert.True(EventKinds.SocketAddress.TryFindField("user_ip6[3]", out uint at, out uint size));
        Assert.Equal((20u, 4u), (at, size));
        Assert.False(EventKinds.SocketAddress.TryFindField("user_ip6[4]", out _, out _));
    }

    [Fact]
    public void WhatAProgramPrintsIsSeen()
    {
        using var kernel = new EmulatedKernel();
        var lines = new List<string>();
        kernel.Printed += (_, line) => lines.Add(line);
        using BpfObject loaded = Load(kernel, "print");
        loaded.Programs["formats"].TestRun(new byte[64]);
        Assert.Equal(["a -5 7 ab", "1-22-333-4444", "[word]", "1 2"], lines.Where(line => !line.StartsWith("1 2 3", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_test_replaces_a_kfunc()
    {
        using var kernel = new EmulatedKernel(new EmulatedKernelOptions { PossibleCpus = [3, 7] }) { CurrentCpu = 7 };
        var cpus = new List<int>();
        kernel.RegisterKfunc("bpf_map_sum_elem_count", call =>
        {
            cpus.Add(call.Cpu);
            return 42;
        });
        using BpfObject loaded = Load(kernel, "kfunc_sum");
        Assert.Equal(2u, loaded.Programs["count"].TestRun(new byte[64]).ReturnValue);
        Assert.Equal([7, 7, 7, 7, 7], cpus);
        var results = loaded.Maps["results"].AsArray<long>();
        for (int i = 0; i < 5; i++)
            Assert.Equal((true, 42L), (results.LookupElem(i, out long value), value));
    }

    private static BpfObject Load(EmulatedKernel kernel, string name) => BpfObject.OpenAndLoad(
        Path.Combine(AppContext.BaseDirectory, "differential", name + ".bpf.o"), new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed });

    private static ulong Run(EmulatedKernel kernel, BpfProgram program, EventState state)
    {
        Assert.Equal(0, kernel.Find((uint)program.FileDescriptor, out EmulatedProgram? found));
        EpochSlot slot = kernel.Gate.Enter();
        try
        {
            Assert.True(kernel.Runner.TryRun(found!, null, 0, state, 0, out ulong result, out BpfProgramFault? fault), fault?.ToString());
            return result;
        }
        finally
        {
            kernel.Gate.Exit(slot);
        }
    }

    private static long Result(BpfObject loaded, int index)
    {
        Span<byte> value = stackalloc byte[8];
        Assert.True(loaded.Maps["results"].LookupElem(BitConverter.GetBytes(index), value));
        return BitConverter.ToInt64(value);
    }
}
