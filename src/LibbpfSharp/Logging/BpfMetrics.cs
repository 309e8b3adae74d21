using System.Diagnostics.Metrics;

namespace LibbpfSharp;

/// <summary>
/// What the library counts, for MeterListener, dotnet-counters or OpenTelemetry: <c>libbpfsharp.buffer.records</c>, the
/// records that readers took, and <c>libbpfsharp.buffer.lost</c>, those that the kernel dropped from perf buffers as far
/// as the reading has got; both with the tag <c>map</c>, such as "map 'events'". While nobody listens nothing is counted.
/// </summary>
public static class BpfMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "LibbpfSharp";

    private static readonly Meter s_meter = new(MeterName, typeof(BpfMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> s_records =
        s_meter.CreateCounter<long>("libbpfsharp.buffer.records", "{record}", "Records that readers of ring buffers and perf buffers took.");

    private static readonly Counter<long> s_lost =
        s_meter.CreateCounter<long>("libbpfsharp.buffer.lost", "{record}", "Records that the kernel dropped because a perf buffer was full.");

    internal static void RecordsRead(int count, string map)
    {
        if (s_records.Enabled && count > 0)
            s_records.Add(count, new KeyValuePair<string, object?>("map", map));
    }

    internal static void RecordsLost(ulong count, string map)
    {
        if (s_lost.Enabled)
            s_lost.Add((long)count, new KeyValuePair<string, object?>("map", map));
    }
}
