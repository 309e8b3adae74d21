using LibbpfSharp.Emulator;
using LibbpfSharp.Samples.Tests;

[assembly: AssemblyFixture(typeof(CoverageReport))]

namespace LibbpfSharp.Samples.Tests;

/// <summary>When all tests have run, writes which lines of the C source they ran: coverage/xdp_filter.info for lcov's tools, and a table.</summary>
public sealed class CoverageReport : IDisposable
{
    /// <summary>Counts for all tests.</summary>
    internal static EmulatedCoverage Coverage { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "coverage")).FullName;
        using StreamWriter lcov = new(Path.Combine(folder, "xdp_filter.info"));
        Coverage.WriteLcov(lcov);
        using StreamWriter table = new(Path.Combine(folder, "xdp_filter.md"));
        Coverage.WriteTable(table);
    }
}
