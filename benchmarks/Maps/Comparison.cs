using System.Globalization;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>One operation in both languages.</summary>
/// <param name="what">What it is, for people.</param>
/// <param name="command">Its name in the C program.</param>
/// <param name="count">Operations in a slice.</param>
/// <param name="managed">Does that many.</param>
/// <param name="aim">What the ratio of C# to C may be at most; null if nothing is demanded.</param>
/// <param name="slices">Slices in a round: more where the two sides should be nearly the same, so that noise must be small.</param>
internal sealed class Comparison(string what, string command, long count, Action<long> managed, double? aim, int slices = 1)
{
    private readonly List<double> _oneThread = [];
    private readonly List<double> _twoThreads = [];
    private readonly List<double> _managed = [];

    public double Managed => Median(_managed);

    public double Ratio => Median([.. _managed.Zip(_twoThreads, (m, n) => m / n)]);

    public bool IsMet => aim is not { } limit || Math.Round(Ratio, 2) <= limit;

    public void WarmUp()
    {
        for (int i = 0; i < 3; i++)
            managed(count);
    }

    /// <summary>Slices on each side, each time in another order.</summary>
    public void Round(int round, CProgram oneThread, CProgram twoThreads)
    {
        for (int i = 0; i < slices; i++)
            Slice(round + i, oneThread, twoThreads);
    }

    private void Slice(int round, CProgram oneThread, CProgram twoThreads)
    {
        for (int turn = 0; turn < 3; turn++)
        {
            switch ((round + turn) % 3)
            {
                case 0:
                    _oneThread.Add(oneThread.Run(command, count));
                    break;
                case 1:
                    _twoThreads.Add(twoThreads.Run(command, count));
                    break;
                default:
                    Slice();
                    break;
            }
        }
    }

    /// <summary>One slice of the C# side.</summary>
    public void Slice()
    {
        // CPU time of the process, as the C side measures it: what else runs on the machine should not count.
        TimeSpan start = Environment.CpuUsage.TotalTime;
        managed(count);
        _managed.Add((Environment.CpuUsage.TotalTime - start).TotalNanoseconds / count);
    }

    public string ToRow() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {Median(_oneThread):0.0} | {Median(_twoThreads):0.0} | {Managed:0.0} | {Ratio:0.00} | {(aim is { } limit ? $"{limit:0.00}, {(IsMet ? "met" : "missed")}" : "")} |");

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
