using System.Text;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>BPF_PROG_LOAD's retries and growing log, against a kernel that answers as it is told.</summary>
public sealed class ProgramLoaderTests
{
    private static readonly ProgramLoadRequest s_request = new() { Name = "p", Type = BpfProgramType.Xdp, Instructions = new byte[16] };

    [Fact]
    public void Success_asks_for_no_log()
    {
        var kernel = new LoadKernel();
        ProgramLoadResult loaded = ProgramLoader.Load(kernel, s_request);
        Assert.True(loaded.Result >= 0);
        Assert.Equal("", loaded.Log);
        Assert.Equal([0], kernel.LogSizes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Log_grows_until_it_is_whole(bool tellsTrueSize)
    {
        var kernel = new LoadKernel { Result = -(int)BpfErrno.EACCES, Log = Text(300_000), TellsTrueSize = tellsTrueSize };
        ProgramLoadResult loaded = ProgramLoader.Load(kernel, s_request);
        Assert.Equal(-(int)BpfErrno.EACCES, loaded.Result);
        Assert.Equal(kernel.Log, loaded.Log);
        Assert.False(loaded.IsLogTruncated);
        Assert.Equal(tellsTrueSize ? 3 : 5, kernel.LogSizes.Count); // none, 64 KiB and then all at once, or doubled
    }

    [Fact]
    public void Log_stops_growing_at_the_limit_and_is_kept()
    {
        var kernel = new LoadKernel { Result = -(int)BpfErrno.EACCES, Log = Text(300_000), TellsTrueSize = true };
        ProgramLoadResult loaded = ProgramLoader.Load(kernel, s_request with { MaxLogSize = 100_000 });
        Assert.True(loaded.IsLogTruncated);
        Assert.Equal(99_999, loaded.Log.Length);
    }

    [Fact]
    public void Program_that_loads_with_too_short_a_log_is_closed_before_it_is_loaded_again()
    {
        var kernel = new LoadKernel { Log = Text(300_000), TellsTrueSize = true };
        ProgramLoadResult loaded = ProgramLoader.Load(kernel, s_request with { LogLevel = 1 });
        Assert.Equal(kernel.Log, loaded.Log);
        Assert.Equal(kernel.LogSizes.Count - 1, kernel.Closed);
    }

    [Fact]
    public void Interrupted_load_is_tried_again_but_not_for_ever()
    {
        var kernel = new LoadKernel { AgainTimes = 3 };
        Assert.True(ProgramLoader.Load(kernel, s_request).Result >= 0);
        Assert.Equal(4, kernel.LogSizes.Count);
        var never = new LoadKernel { AgainTimes = int.MaxValue };
        Assert.Equal(-(int)BpfErrno.EAGAIN, ProgramLoader.Load(never, s_request).Result);
    }

    [Fact]
    public void Refusal_without_a_log_is_the_kernels_and_names_what_to_do()
    {
        var kernel = new LoadKernel { Result = -(int)BpfErrno.EPERM };
        BpfException refused = Assert.Throws<BpfException>(() => ProgramLoader.LoadOrThrow(kernel, s_request));
        Assert.IsNotType<BpfVerifierException>(refused);
        Assert.Contains("CAP_BPF", refused.Message, StringComparison.Ordinal);
        Assert.Contains("program 'p'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_is_kept_whatever_the_errno()
    {
        var kernel = new LoadKernel { Result = -(int)BpfErrno.EFAULT, Log = "The sequence of 8193 jumps is too complex." };
        BpfVerifierException refused = Assert.Throws<BpfVerifierException>(() => ProgramLoader.LoadOrThrow(kernel, s_request));
        Assert.Equal(BpfErrno.EFAULT, refused.Errno);
        Assert.Contains("8193 jumps", refused.Message, StringComparison.Ordinal);
    }

    private static string Text(int length) => string.Concat(Enumerable.Repeat("0: (b7) r0 = 0\n", length / 15)) + new string('x', length % 15 + 1);

    private sealed unsafe class LoadKernel : FakeKernel
    {
        public int Result { get; init; } = 7;

        public string Log { get; init; } = "";

        public bool TellsTrueSize { get; init; }

        public int AgainTimes { get; set; }

        public List<int> LogSizes { get; } = [];

        public override int Bpf(BpfCommand command, ref BpfAttr attr, uint size)
        {
            Assert.Equal(BpfCommand.ProgLoad, command);
            ref bpf_attr_prog_load load = ref attr.prog_load;
            LogSizes.Add((int)load.log_size);
            if (AgainTimes > 0)
            {
                AgainTimes--;
                return -(int)BpfErrno.EAGAIN;
            }

            if (load.log_level == 0)
                return Result;
            byte[] bytes = Encoding.ASCII.GetBytes(Log + "\0");
            if (TellsTrueSize)
                load.log_true_size = (uint)bytes.Length;
            int length = Math.Min(bytes.Length, (int)load.log_size);
            bytes.AsSpan(0, length).CopyTo(new Span<byte>((void*)load.log_buf, length));
            ((byte*)load.log_buf)[length - 1] = 0;
            return bytes.Length > load.log_size && !(TellsTrueSize && Result >= 0) ? -(int)BpfErrno.ENOSPC : Result;
        }
    }
}
