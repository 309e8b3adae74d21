using Microsoft.Extensions.Logging;

namespace LibbpfSharp.Tests.Hosts;

/// <summary>Prints what the library logs, so that the script sees category, level and id.</summary>
internal sealed class RecordingLogger(string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Console.WriteLine($"log: {logLevel} {category} {eventId.Id}: {formatter(state, exception)}");
    }

    /// <summary>Makes the loggers.</summary>
    public sealed class Factory : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => new RecordingLogger(categoryName);

        public void Dispose()
        {
        }
    }
}
