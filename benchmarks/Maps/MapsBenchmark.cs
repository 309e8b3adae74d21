using System.Globalization;
using System.Text;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Benchmarks.Maps;

/// <summary>
/// Map operations in C over libbpf and in C#, on the same maps of this kernel, interleaved slice by slice in one run.
/// Prints a table and writes it to benchmarks/results/maps.md.
/// </summary>
internal sealed class MapsBenchmark : IDisposable
{
    private const int Keys = MapOperations.Keys;
    private readonly MapOperations _operations = new();
    private readonly int _rounds;

    private MapsBenchmark(int rounds) => _rounds = rounds;

    /// <summary>Runs; 0 if every aim is met, 1 if not.</summary>
    /// <param name="args">Number of rounds, 45 by default.</param>
    public static int Run(ReadOnlySpan<string> args)
    {
        int rounds = args.Length > 0 && int.TryParse(args[0], out int n) ? n : 45;
        using var benchmark = new MapsBenchmark(rounds);
        return benchmark.Run();
    }

    public void Dispose() => _operations.Dispose();

    private int Run()
    {
        string[] ids = [.. _operations.Ids.Select(id => id.ToString(CultureInfo.InvariantCulture))];
        using var oneThread = new CProgram("maps_bench", ids);
        using var twoThreads = new CProgram("maps_bench", [.. ids, "idle-thread"]);
        Comparison[] all =
        [
            new("update, hash 8 B/64 B", "hash-update", 20_000, _operations.HashUpdate, 1.05),
            new("lookup, hash 8 B/64 B", "hash-lookup", 20_000, _operations.HashLookup, 1.05),
            new("update, per-CPU hash 8 B/64 B", "percpu-update", 20_000, _operations.PerCpuUpdate, 1.05),
            new("lookup, per-CPU hash 8 B/64 B", "percpu-lookup", 20_000, _operations.PerCpuLookup, 1.05),
            new("update, array 64 B", "array-update", 20_000, _operations.ArrayUpdate, 1.05),
            new("lookup, array 64 B", "array-lookup", 20_000, _operations.ArrayLookup, 1.05),
            new("batch update of 10,000, hash", "batch-update", 2 * Keys, _operations.BatchUpdate, 1.0, slices: 6),
            new("batch lookup of 10,000, hash", "batch-lookup", 2 * Keys, _operations.BatchLookup, 1.0, slices: 6),
            new("walk of 100,000 (C: get_next_key and lookup; C#: foreach)", "walk", MapOperations.BigKeys, _operations.Walk, 0.4),
            new("add to an element of a mapped array", "mmap-add", 400 * Keys, _operations.MappedAdd, null),
        ];
        for (int i = 0; i < 3; i++)
        {
            foreach (Comparison comparison in all)
                comparison.WarmUp();
        }

        for (int round = 0; round < _rounds; round++)
        {
            foreach (Comparison comparison in all)
                comparison.Round(round, oneThread, twoThreads);
        }

        string table = Table(all, Emulated());
        Console.Write(table);
        File.WriteAllText(Path.Combine(CProgram.Root, "benchmarks", "results", "maps.md"), table);
        return all.All(r => r.IsMet) ? 0 : 1;
    }

    /// <summary>A lookup on the emulator beside the same lookup on Linux: medians in nanoseconds.</summary>
    private (double Linux, double Emulator) Emulated()
    {
        using var kernel = new EmulatedKernel();
        using BpfHashMap<ulong, Value64> map = BpfHashMap<ulong, Value64>.Create(kernel, 2 * Keys);
        for (ulong key = 0; key < Keys; key++)
            map.UpdateElem(in key, default);
        var linux = new Comparison("", "", 20_000, _operations.HashLookup, null);
        var emulator = new Comparison("", "", 20_000, count => MapOperations.Lookup(map, count), null);
        for (int i = 0; i < 10; i++)
        {
            linux.WarmUp();
            emulator.WarmUp();
        }

        for (int round = 0; round < _rounds; round++)
        {
            linux.Slice();
            emulator.Slice();
        }

        return (linux.Managed, emulator.Managed);
    }

    private string Table(Comparison[] results, (double Linux, double Emulator) emulated)
    {
        var text = new StringBuilder();
        text.AppendLine("# Maps: C over libbpf and C#");
        text.AppendLine();
        text.AppendLine("    dotnet run -c Release --project benchmarks -- maps");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{LinuxKernel.Instance.Name}, {Environment.ProcessorCount} CPUs, .NET {Environment.Version}. Nanoseconds of CPU time for one element, medians of at least {_rounds} slices;");
        text.AppendLine("all sides take turns, slice by slice, on the same maps. The C program runs twice: with one thread, and with a second,");
        text.AppendLine("idle one. A process with one thread is spared the reference count of the descriptor in every system call, about 5 %;");
        text.AppendLine("a .NET process always has several. The ratio is C# to C with two threads, the median of the slices' ratios.");
        text.AppendLine();
        text.AppendLine("| operation | C | C, 2 threads | C# | ratio | aim |");
        text.AppendLine("|---|---:|---:|---:|---:|---|");
        foreach (Comparison r in results)
            text.AppendLine(r.ToRow());
        text.AppendLine();
        double share = emulated.Emulator / emulated.Linux;
        text.AppendLine(CultureInfo.InvariantCulture, $"A lookup on the emulated kernel takes {emulated.Emulator:0.0} ns, {share:0.00} of the {emulated.Linux:0} ns of the call to Linux (aim: at most 0.20, {(share <= 0.2 ? "met" : "missed")}).");
        return text.ToString();
    }
}
