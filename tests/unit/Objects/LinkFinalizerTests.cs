using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LibbpfSharp.Tests.Unit.Interop;
using Microsoft.Extensions.Logging;

namespace LibbpfSharp.Tests.Unit.Objects;

public sealed class LinkFinalizerTests : IDisposable
{
    private readonly Factory _log = new();
    private readonly ILoggerFactory? _before = BpfLogging.LoggerFactory;

    public LinkFinalizerTests() => BpfLogging.LoggerFactory = _log;

    public void Dispose()
    {
        BpfLogging.LoggerFactory = _before;
        _log.Dispose();
    }

    [Fact]
    public void Collected_link_is_detached_with_a_warning_and_a_disposed_one_without()
    {
        var kernel = new FakeKernel();
        Make(kernel, "forgotten link", dispose: false);
        Make(kernel, "disposed link", dispose: true);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(2, kernel.Closed);
        Assert.Contains(_log.Messages, m => m.Contains("forgotten link was never disposed of", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Messages, m => m.Contains("disposed link was", StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make(FakeKernel kernel, string description, bool dispose)
    {
        var link = BpfLink.FromDescriptor(kernel, 5, description);
        if (dispose)
            link.Dispose();
    }

    private sealed class Factory : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
