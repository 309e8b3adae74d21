using System.Collections.Concurrent;
using System.Globalization;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>Counts scenarios per kernel and reports them when the class has run.</summary>
public sealed class VectorTally : IDisposable
{
    private readonly ConcurrentDictionary<string, Counts> _kernels = new();

    internal Counts Of(string kernel) => _kernels.GetOrAdd(kernel, _ => new Counts());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((string kernel, Counts counts) in _kernels.OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            string skipped = string.Join(", ", counts.Skipped.GroupBy(r => r).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));
            Summary.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"Map vectors on {kernel}: {counts.Passed} passed, {counts.Failed} failed, {counts.Skipped.Count} skipped{(skipped.Length > 0 ? $" ({skipped})" : "")}"));
        }
    }

    internal sealed class Counts
    {
        public int Passed;
        public int Failed;
        public ConcurrentBag<string> Skipped { get; } = [];
    }
}
