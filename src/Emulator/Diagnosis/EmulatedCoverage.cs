using System.Globalization;

namespace LibbpfSharp.Emulator;

/// <summary>How often the C lines of BPF programs ran, from BTF line info, for coverage reports.</summary>
public sealed class EmulatedCoverage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ProgramCode, long[]> _hits = [];

    /// <summary>Counts and lines by file; the files in the order of their names.</summary>
    /// <returns>For each C file the counts by line.</returns>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> GetLines()
    {
        var files = new SortedDictionary<string, SortedDictionary<int, long>>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach ((ProgramCode code, long[] hits) in _hits)
            {
                for (int i = 0; i < code.Lines.Records.Length; i++)
                {
                    SourceLine line = code.Lines.At(i);
                    if (line.Line == 0 || string.IsNullOrEmpty(line.File))
                        continue;
                    if (!files.TryGetValue(line.File, out SortedDictionary<int, long>? lines))
                        files[line.File] = lines = [];

                    // A line has several pieces of code; the one that ran most tells how often the line did.
                    long count = hits[code.Lines.Records[i].Slot];
                    lines[line.Line] = Math.Max(lines.GetValueOrDefault(line.Line), count);
                }
            }
        }

        return files.ToDictionary(f => f.Key, f => (IReadOnlyDictionary<int, long>)f.Value, StringComparer.Ordinal);
    }

    /// <summary>Writes the counts in lcov's tracefile format, which genhtml and coverage services read.</summary>
    /// <param name="output">Receives the text.</param>
    public void WriteLcov(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> files = GetLines();
        Dictionary<string, SortedDictionary<string, (int Line, long Count)>> functions = GetFunctions();
        foreach ((string file, IReadOnlyDictionary<int, long> lines) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            output.Write("TN:\n");
            output.Write($"SF:{file}\n");
            if (functions.TryGetValue(file, out SortedDictionary<string, (int Line, long Count)>? named))
            {
                foreach ((string name, (int line, long _)) in named)
                    output.Write(string.Create(CultureInfo.InvariantCulture, $"FN:{line},{name}\n"));
                foreach ((string name, (int _, long count)) in named)
                    output.Write(string.Create(CultureInfo.InvariantCulture, $"FNDA:{count},{name}\n"));
                output.Write(string.Create(CultureInfo.InvariantCulture, $"FNF:{named.Count}\nFNH:{named.Values.Count(f => f.Count > 0)}\n"));
            }

            foreach ((int line, long count) in lines.OrderBy(l => l.Key))
                output.Write(string.Create(CultureInfo.InvariantCulture, $"DA:{line},{count}\n"));
            output.Write(string.Create(CultureInfo.InvariantCulture, $"LF:{lines.Count}\nLH:{lines.Values.Count(c => c > 0)}\nend_of_record\n"));
        }
    }

    /// <summary>The counters of a program, one per instruction slot.</summary>
    internal long[] CountersOf(ProgramCode code)
    {
        lock (_lock)
        {
            if (!_hits.TryGetValue(code, out long[]? counters))
                _hits[code] = counters = new long[code.Instructions.Length];
            return counters;
        }
    }

    private Dictionary<string, SortedDictionary<string, (int Line, long Count)>> GetFunctions()
    {
        var files = new Dictionary<string, SortedDictionary<string, (int Line, long Count)>>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach ((ProgramCode code, long[] hits) in _hits)
            {
                foreach (ProgramFunction function in code.Functions)
                {
                    SourceLine line = code.Lines.Find(function.FirstSlot);
                    if (line.Line == 0 || string.IsNullOrEmpty(line.File))
                        continue;
                    if (!files.TryGetValue(line.File, out SortedDictionary<string, (int Line, long Count)>? named))
                        files[line.File] = named = new SortedDictionary<string, (int Line, long Count)>(StringComparer.Ordinal);
                    long before = named.TryGetValue(function.Name, out (int Line, long Count) known) ? known.Count : 0;
                    named[function.Name] = (line.Line, Math.Max(before, hits[function.FirstSlot]));
                }
            }
        }

        return files;
    }
}
