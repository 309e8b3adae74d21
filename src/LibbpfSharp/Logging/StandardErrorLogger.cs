using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>Warnings of a process that configured no logger: they must not be lost.</summary>
internal sealed class StandardErrorLogger(string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Console.Error.WriteLine($"{(logLevel == LogLevel.Warning ? "warning" : "error")}: {category}: {formatter(state, exception)}");
    }
}
