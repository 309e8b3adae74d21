using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>Every message that the library logs. Ids: 1xx kernel, 2xx objects, 3xx libbpf, 4xx links and programs.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(100, LogLevel.Warning, "Running on the emulated kernel: {Reason}")]
    public static partial void KernelFallback(this ILogger logger, string reason);

    [LoggerMessage(101, LogLevel.Information, "Running on {Kernel}: {Reason}")]
    public static partial void KernelChosen(this ILogger logger, string kernel, string reason);

    [LoggerMessage(200, LogLevel.Debug, "Loaded object '{Object}' on {Kernel} through the {Loader} loader: {Maps} maps, {Programs} programs")]
    public static partial void ObjectLoaded(this ILogger logger, string @object, string kernel, BpfLoader loader, int maps, int programs);

    [LoggerMessage(201, LogLevel.Warning, "Loading without libbpf, through the managed loader: {Reason}")]
    public static partial void LibbpfMissing(this ILogger logger, string reason);

    [LoggerMessage(202, LogLevel.Warning, "Object '{Object}': {Text}")]
    public static partial void ObjectWarning(this ILogger logger, string @object, string text);

    [LoggerMessage(203, LogLevel.Debug, "Object '{Object}': {Text}")]
    public static partial void ObjectDebug(this ILogger logger, string @object, string text);

    [LoggerMessage(300, LogLevel.Warning, "{Text}")]
    public static partial void LibbpfWarning(this ILogger logger, string text);

    [LoggerMessage(301, LogLevel.Information, "{Text}")]
    public static partial void LibbpfInformation(this ILogger logger, string text);

    [LoggerMessage(302, LogLevel.Debug, "{Text}")]
    public static partial void LibbpfDebug(this ILogger logger, string text);

    [LoggerMessage(400, LogLevel.Warning, "{Link} was never disposed of: the garbage collector has detached it. Keep a reference and dispose of it, or call Release() to leave it attached.")]
    public static partial void LinkCollected(this ILogger logger, string link);

    [LoggerMessage(401, LogLevel.Warning, "{Link} could not be detached: {Reason}")]
    public static partial void LinkDetachFailed(this ILogger logger, string link, string reason);
}
