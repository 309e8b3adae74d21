using System.Globalization;

namespace LibbpfSharp.Benchmarks.Rings;

/// <summary>One way of reading in both languages.</summary>
/// <param name="what">What it is, for people.</param>
/// <param name="command">Its name in the C program.</param>
/// <param name="count">Events in a slice.</param>
/// <param name="aim">What the ratio of C# to C may be at most.</param>
/// <param name="managed">Reads that many: the measure, and events dropped.</param>
/// <param name="perEvent">Whether the C side's answer is for all events.</param>
internal sealed class RingComparison(string what, string command, long count, double aim, Func<long, (double Time, long Dropped)> managed, bool perEvent)
{
    private readonly List<double> _native = [];
    private readonly List<double> _managed = [];
    private long _nativeDropped;
    private long _managedDropped;

    /// <summary>Its name.</summary>
    public string Command => command;

    public double Ratio => Median([.. _managed.Zip(_native, (m, n) => m / n)]);

    /// <summary>The ratio is kept, and what C did not drop was not dropped here.</summary>
    public bool IsMet => Math.Round(Ratio, 2) <= aim && (_managedDropped == 0 || _nativeDropped > 0);

    public void WarmUp(CProgram c)
    {
        for (int i = 0; i < 3; i++)
        {
            managed(count);
            c.Ask(command, count);
        }
    }

    /// <summary>A slice on each side, each time in another order.</summary>
    public void Round(int round, CProgram c)
    {
        if (round % 2 == 0)
            Native(c);
        (double time, long dropped) = managed(count);
        _managed.Add(time);
        _managedDropped += dropped;
        if (round % 2 != 0)
            Native(c);
    }

    public string ToRow() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {Median(_native):0.0} | {Median(_managed):0.0} | {Ratio:0.00} | {_managed.Min() / _native.Min():0.00} | {aim:0.00}, {(IsMet ? "met" : "missed")} | {_nativeDropped} | {_managedDropped} |");

    private void Native(CProgram c)
    {
        double[] answer = c.Ask(command, count);
        _native.Add(perEvent ? answer[0] / count : answer[0]);
        _nativeDropped += answer.Length > 1 ? (long)answer[1] : 0;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
