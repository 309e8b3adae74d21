using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Integration.Attach;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>What a loaded program tells of itself: instructions, maps, statistics, streams.</summary>
public sealed class ProgramTests
{
    [Theory]
    [MemberData(nameof(AttachObject.Loaders), MemberType = typeof(AttachObject))]
    public void Instructions_and_maps(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "sk_lookup_redirect");
        BpfProgramInfo info = attach.Program.GetInfo();
        IReadOnlyList<BpfInstruction> xlated = attach.Program.ReadXlatedInstructions();
        Assert.Equal(info.XlatedSize, (uint)xlated.Count * 8);
        Assert.Contains("exit", attach.Program.Disassemble(), StringComparison.Ordinal);
        IReadOnlyList<uint> maps = attach.Program.ReadMapIds();
        Assert.Equal(info.MapCount, (uint)maps.Count);
        Assert.Contains(attach.Object.Maps["listeners"].Id, maps);
        Assert.True(info.FunctionCount > 0 && info.LineCount > 0);
        Assert.True(info.LoadedAt > TimeSpan.Zero);
        Assert.Contains(info.Id, BpfProgram.EnumerateIds(TestKernels.Host));
    }

    [Fact]
    public void Machine_code_is_shown_whole_or_refused()
    {
        RequireKernel.Linux();
        using BpfProgram program = BpfProgram.Load(TestKernels.Host, BpfProgramType.Xdp, new BpfAssembler().Mov(BpfRegister.R0, 2).Exit().Build());
        const int Syslog = 34;
        byte[] code;
        try
        {
            code = program.ReadJitedCode();
        }
        catch (BpfException e) when ((TestKernels.Host.Facts.EffectiveCapabilities >> Syslog & 1) == 0)
        {
            Assert.Equal(BpfErrno.EPERM, e.Errno);
            Assert.Contains("CAP_SYSLOG", e.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(program.GetInfo().JitedSize, (uint)code.Length);
        Assert.True(code.Length == 0 || code.Any(each => each != 0));
    }

    [Theory]
    [MemberData(nameof(AttachObject.Loaders), MemberType = typeof(AttachObject))]
    public void Statistics_count_runs_while_they_are_on(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "xdp_pass");
        ulong before = attach.Program.GetInfo().RunCount;
        using (BpfRunStatistics.Enable(TestKernels.Host))
        {
            attach.Program.TestRun(new BpfTestRunOptions { Data = new byte[64], Repeat = 10 });
            Assert.Equal(before + 10, attach.Program.GetInfo().RunCount);
        }
    }

    [Theory]
    [MemberData(nameof(AttachObject.Loaders), MemberType = typeof(AttachObject))]
    public void Test_run_on_a_cpu_with_a_context(BpfLoader loader)
    {
        using var attach = AttachObject.Load(loader, "raw_tracepoint_sys_enter");
        byte[] context = new byte[16];
        BitConverter.TryWriteBytes(context.AsSpan(8), 110L); // the second argument: getppid
        int cpu = TestKernels.Host.Facts.PossibleCpus[^1];
        attach.Program.TestRun(new BpfTestRunOptions { Context = context });
        ulong hits = attach.Hits;
        Assert.True(hits > 0);
        attach.Program.TestRun(new BpfTestRunOptions { Context = context, Cpu = cpu });
        Assert.Equal(BpfErrno.ENXIO, Assert.Throws<BpfException>(() => attach.Program.TestRun(new BpfTestRunOptions { Context = context, Cpu = 4000 })).Errno);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Streams_give_what_the_program_wrote(string @case)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "prints");
        using BpfObject loaded = open.Load();
        BpfProgram program = loaded.Programs["say"];
        var since = new Version(6, 17);
        if (loaded.Kernel.Facts.Release < since)
        {
            Assert.Equal(since, Assert.Throws<BpfUnsupportedFeatureException>(() => program.ReadStream(BpfProgramStream.Error)).MinimumKernel);
            return;
        }

        Assert.Equal("", program.ReadStream(BpfProgramStream.Output));
        Assert.Equal(BpfErrno.ENOENT, Assert.Throws<BpfException>(() => program.ReadStream((BpfProgramStream)9, new byte[8])).Errno);
        Assert.Equal(0u, program.TestRun(new BpfTestRunOptions()).ReturnValue);
        if (!loaded.Kernel.IsEmulated)
            HostExceptions.Check("pages of program streams", loaded.GetGlobal<int>("result"));
        Assert.Equal(0, loaded.GetGlobal<int>("result"));
        Assert.Equal("1 of 2\n", program.ReadStream(BpfProgramStream.Output));
        Assert.Equal("", program.ReadStream(BpfProgramStream.Output));
        byte[] part = new byte[3];
        Assert.Equal(3, program.ReadStream(BpfProgramStream.Error, part));
        Assert.Equal("no "u8, part);
        Assert.Equal("1\n", program.ReadStream(BpfProgramStream.Error));
    }
}
