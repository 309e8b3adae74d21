using System.Globalization;

namespace LibbpfSharp.Emulator;

/// <summary>
/// How often the C lines of BPF programs ran, from BTF line info, for coverage reports. One coverage may be shared by many
/// kernels, in parallel: what is loaded several times is counted together.
/// </summary>
public sealed class EmulatedCoverage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ProgramCode, long[]> _hits = [];

    /// <summary>Counts and lines by file; the files in the order of their names.</summary>
    /// <returns>For each C file the counts by line.</returns>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> GetLines() =>
        Collect().ToDictionary(f => f.Key, f => (IReadOnlyDictionary<int, long>)f.Value.Lines, StringComparer.Ordinal);

    /// <summary>Writes the counts in lcov's tracefile format, which genhtml and coverage services read.</summary>
    /// <param name="output">Receives the text.</param>
    public void WriteLcov(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach ((string file, CoveredFile covered) in Collect())
        {
            output.Write("TN:\n");
            output.Write($"SF:{file}\n");
            foreach ((string name, CoveredFunction function) in covered.Functions)
                output.Write(string.Create(CultureInfo.InvariantCulture, $"FN:{function.FirstLine},{name}\n"));
            foreach ((string name, CoveredFunction function) in covered.Functions)
                output.Write(string.Create(CultureInfo.InvariantCulture, $"FNDA:{function.Calls},{name}\n"));
            if (covered.Functions.Count > 0)
                output.Write(string.Create(CultureInfo.InvariantCulture, $"FNF:{covered.Functions.Count}\nFNH:{covered.Functions.Values.Count(f => f.Calls > 0)}\n"));
            foreach ((int line, long count) in covered.Lines)
                output.Write(string.Create(CultureInfo.InvariantCulture, $"DA:{line},{count}\n"));
            output.Write(string.Create(CultureInfo.InvariantCulture, $"LF:{covered.Lines.Count}\nLH:{covered.Lines.Values.Count(c => c > 0)}\nend_of_record\n"));
        }
    }

    /// <summary>
    /// Writes a table in Markdown: for each C file and each of its functions the lines with code, how many of them ran, and
    /// which did not. The lines of an inlined function count for the functions that it was compiled into.
    /// </summary>
    /// <param name="output">Receives the text.</param>
    public void WriteTable(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("| file, function | lines | run | not run |\n|---|---:|---:|---|\n");
        foreach ((string file, CoveredFile covered) in Collect())
        {
            WriteRow(output, $"**{Path.GetFileName(file)}**", covered.Lines);
            foreach ((string name, CoveredFunction function) in covered.Functions.OrderBy(f => f.Value.FirstLine))
                WriteRow(output, $"`{name}`", function.Lines);
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

    private static void WriteRow(TextWriter output, string name, SortedDictionary<int, long> lines)
    {
        int run = lines.Values.Count(c => c > 0);
        string missed = string.Join(", ", lines.Where(l => l.Value == 0).Select(l => l.Key.ToString(CultureInfo.InvariantCulture)));
        output.Write(string.Create(CultureInfo.InvariantCulture, $"| {name} | {lines.Count} | {run} ({100 * run / Math.Max(lines.Count, 1)} %) | {missed} |\n"));
    }

    private SortedDictionary<string, CoveredFile> Collect()
    {
        var files = new SortedDictionary<string, CoveredFile>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach ((ProgramCode code, long[] hits) in _hits)
                Add(files, code, hits);
        }

        return files;
    }

    private static void Add(SortedDictionary<string, CoveredFile> files, ProgramCode code, long[] hits)
    {
        // A line has several pieces of code; the one that ran most tells how often the line did.
        var lines = new Dictionary<(string File, int Line), long>();
        var linesOf = new Dictionary<(int Function, string File, int Line), long>();
        for (int i = 0; i < code.Lines.Records.Length; i++)
        {
            SourceLine line = code.Lines.At(i);
            if (line.Line == 0 || string.IsNullOrEmpty(line.File))
                continue;
            int slot = code.Lines.Records[i].Slot;
            var place = (line.File, line.Line);
            lines[place] = Math.Max(lines.GetValueOrDefault(place), hits[slot]);
            var inFunction = (code.FunctionAt(slot).Index, line.File, line.Line);
            linesOf[inFunction] = Math.Max(linesOf.GetValueOrDefault(inFunction), hits[slot]);
        }

        foreach (((string file, int line), long count) in lines)
            Increase(FileOf(files, file).Lines, line, count);
        foreach (ProgramFunction function in code.Functions)
        {
            SourceLine first = code.Lines.Find(function.FirstSlot);
            if (first.Line == 0 || string.IsNullOrEmpty(first.File))
                continue;
            CoveredFile file = FileOf(files, first.File);
            if (!file.Functions.TryGetValue(function.Name, out CoveredFunction? covered))
                file.Functions[function.Name] = covered = new CoveredFunction(first.Line);
            covered.Calls += hits[function.FirstSlot];
            foreach (((int index, string lineFile, int line), long count) in linesOf)
            {
                if (index == function.Index && lineFile == first.File)
                    Increase(covered.Lines, line, count);
            }
        }
    }

    private static CoveredFile FileOf(SortedDictionary<string, CoveredFile> files, string name)
    {
        if (!files.TryGetValue(name, out CoveredFile? file))
            files[name] = file = new CoveredFile();
        return file;
    }

    private static void Increase(SortedDictionary<int, long> counts, int line, long by) => counts[line] = counts.GetValueOrDefault(line) + by;

    private sealed class CoveredFile
    {
        public SortedDictionary<int, long> Lines { get; } = [];

        public SortedDictionary<string, CoveredFunction> Functions { get; } = new(StringComparer.Ordinal);
    }

    private sealed class CoveredFunction(int firstLine)
    {
        public int FirstLine => firstLine;

        public long Calls { get; set; }

        public SortedDictionary<int, long> Lines { get; } = [];
    }
}
