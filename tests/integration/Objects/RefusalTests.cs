using Microsoft.Extensions.Logging;

namespace LibbpfSharp.Tests.Integration.Objects;

/// <summary>What the verifier refuses, as both loaders report it.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, string, string, string> Reasons { get; } = Cross(
        ("missing_null_check", "map_value_or_null", "NULL"),
        ("packet_access", "invalid access to packet", "data_end"),
        ("endless_loop", "infinite loop", "bpf_loop"),
        ("wrong_helper", "bpf_override_return", "not allowed"),
        ("missing_field", "nothing_of_this_name", "bpf_core_field_exists"));

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Refusal_names_program_line_and_remedy(string @case, string program, string reason, string hint)
    {
        BpfVerifierException refused = Refuse(@case, program, null);
        Assert.Equal(program, refused.Program);
        Assert.True(refused.Errno is BpfErrno.EACCES or BpfErrno.EINVAL, refused.Errno.ToString());
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(hint, refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 1000);
        Assert.NotNull(refused.Report.FailingInstruction);
        Assert.NotNull(refused.Report.InstructionsProcessed);
        Assert.Equal("refused.bpf.c", Path.GetFileName(refused.Report.SourceFile));
        Assert.Contains("processed ", refused.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Log_of_any_length_is_whole_and_goes_to_no_logger_above_debug(string @case)
    {
        var logger = new ListLogger();
        BpfVerifierException refused = Refuse(@case, "long_log", logger, logLevel: 2);
        Assert.True(refused.Log.Length > 2_000_000, $"{refused.Log.Length} characters");
        Assert.False(refused.IsLogTruncated);
        Assert.StartsWith("func#0", refused.Log.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("packet", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(logger.Messages, m => m.Level > LogLevel.Debug);
    }

    [Fact]
    public void Log_is_capped_where_that_is_asked_and_keeps_its_end()
    {
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("refused"), new BpfObjectOptions
        {
            Kernel = TestKernels.Get(TestKernels.Linux),
            Loader = BpfLoader.Managed,
            LogLevel = 2,
            MaxLogSize = 1 << 20,
        });
        open.Programs["long_log"].AutoLoad = true;
        BpfVerifierException refused = Assert.Throws<BpfVerifierException>(() => open.Load());
        Assert.True(refused.IsLogTruncated);
        Assert.InRange(refused.Log.Length, 1000, 1 << 20);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void A_kernel_function_with_another_prototype_than_the_kernel_s_is_refused(string @case)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "kfunc_prototype");
        BpfException refused = Assert.ThrowsAny<BpfException>(() => open.Load());
        bool hasFunction = LoaderCase.Options(@case).Kernel!.Facts.Release >= new Version(6, 2);
        Assert.True(refused.Errno == BpfErrno.EINVAL || (!hasFunction && refused.Errno == BpfErrno.ESRCH), refused.Message);
        Assert.Contains("bpf_task_", refused.Message, StringComparison.Ordinal);
    }

    private static TheoryData<string, string, string, string> Cross(params ReadOnlySpan<(string Program, string Reason, string Hint)> reasons)
    {
        var data = new TheoryData<string, string, string, string>();
        foreach ((string program, string reason, string hint) in reasons)
        {
            data.Add(LoaderCase.Libbpf, program, reason, hint);
            data.Add(LoaderCase.Managed, program, reason, hint);
        }

        return data;
    }

    private static BpfVerifierException Refuse(string @case, string program, ILogger? logger, uint logLevel = 0)
    {
        BpfObjectOptions options = LoaderCase.Options(@case);
        using BpfObjectOpen open = BpfObject.Open(TestObjects.GetPath("refused"), new BpfObjectOptions { Kernel = options.Kernel, Loader = options.Loader, LogLevel = logLevel, Logger = logger });
        open.Programs[program].AutoLoad = true;
        return Assert.Throws<BpfVerifierException>(() => open.Load());
    }

    private sealed class ListLogger : ILogger
    {
        public List<(LogLevel Level, string Text)> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add((logLevel, formatter(state, exception)));
    }
}
