using System.Globalization;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>One operation in both languages.</summary>
/// <param name="what">What it is, for people.</param>
/// <param name="command">Its name in the C program.</param>
/// <param name="count">Operations in a slice.</param>
/// <param name="managed">Does that many.</param>
/// <param name="aim">What the ratio C# : C may be at most; null if nothing is demanded.</param>
internal sealed class Comparison(string what, string command, long count, Action<long> managed, double? aim)
{
    private readonly List<double> _native = [];
    private readonly List<double> _managed = [];

    public double Native => Median(_native);

    public double Managed => Median(_managed);

    public double Ratio => Median([.. _managed.Zip(_native, (m, n) => m / n)]);

    public bool IsMet => aim is not { } limit || Ratio <= limit;

    public void WarmUp()
    {
        for (int i = 0; i < 3; i++)
            managed(count);
    }

    public void Slice(CProgram? c, bool cFirst)
    {
        if (c is not null && cFirst)
            _native.Add(c.Run(command, count));
        // CPU time of the process, as the C side measures it: what else runs on the machine should not count.
        TimeSpan start = Environment.CpuUsage.TotalTime;
        managed(count);
        _managed.Add((Environment.CpuUsage.TotalTime - start).TotalNanoseconds / count);
        if (c is not null && !cFirst)
            _native.Add(c.Run(command, count));
    }

    public string ToRow() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {Native:0.0} | {Managed:0.0} | {Ratio:0.00} | {(aim is { } limit ? $"{limit:0.00}, {(IsMet ? "met" : "missed")}" : "")} |");

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
