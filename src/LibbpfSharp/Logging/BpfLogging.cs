using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>Where the library logs.</summary>
public static class BpfLogging
{
    private static ILoggerFactory? s_factory;

    /// <summary>
    /// The factory of the library's loggers (categories begin with "LibbpfSharp."). While it is null, warnings and
    /// errors go to standard error and everything else is dropped.
    /// </summary>
    public static ILoggerFactory? LoggerFactory
    {
        get => Volatile.Read(ref s_factory);
        set => Volatile.Write(ref s_factory, value);
    }

    internal static ILogger Create(string category) => LoggerFactory?.CreateLogger(category) ?? new StandardErrorLogger(category);

    internal static ILogger Kernel => Create("LibbpfSharp.Kernel");

    internal static ILogger Objects => Create("LibbpfSharp.Objects");

    internal static ILogger Libbpf => Create("LibbpfSharp.Libbpf");

    internal static ILogger Links => Create("LibbpfSharp.Links");
}
