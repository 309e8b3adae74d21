using System.Globalization;
using System.Text;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Benchmarks.Rings;

/// <summary>
/// Ring buffers and perf buffers read by C through libbpf and by C#, interleaved slice by slice in one run. Prints a table
/// and writes it to benchmarks/results/ring.md.
/// </summary>
internal static class RingBenchmark
{
    /// <summary>Runs; 0 if every aim is met, 1 if not.</summary>
    /// <param name="args">Number of rounds, 31 by default; then names of what to measure only, without a file of the results.</param>
    public static int Run(ReadOnlySpan<string> args)
    {
        int rounds = args.Length > 0 && int.TryParse(args[0], out int n) ? n : 31;
        using var side = new RingSide();
        using var c = new CProgram("ring_bench", [RingSide.ObjectPath]);
        RingComparison[] all =
        [
            new("ring buffer, filled before, ns/event", "ring-prefilled", 800_000, 1.00, (count) => (side.Prefilled(false, count), 0), perEvent: true),
            new("ring buffer, producer on another CPU, ns/event", "ring-concurrent", 2_000_000, 1.00, count => side.Concurrent(false, count), perEvent: true),
            new("ring buffer, one event per wake-up, ns from event to handler", "ring-latency", 100, 1.10, count => (side.Latency(false, count), 0), perEvent: false),
            new("perf buffer, filled before, ns/event", "perf-prefilled", 80_000, 1.10, count => (side.Prefilled(true, count), 0), perEvent: true),
            new("perf buffer, producer on another CPU, ns/event", "perf-concurrent", 50_000, 1.10, count => side.Concurrent(true, count), perEvent: true),
            new("perf buffer, one event per wake-up, ns from event to handler", "perf-latency", 100, 1.10, count => (side.Latency(true, count), 0), perEvent: false),
        ];
        if (args.Length > 1)
        {
            string[] wanted = args[1..].ToArray();
            all = [.. all.Where(comparison => wanted.Contains(comparison.Command))];
        }

        foreach (RingComparison comparison in all)
            comparison.WarmUp(c);
        side.Allocated = 0; // what is made once is made
        for (int round = 0; round < rounds; round++)
        {
            foreach (RingComparison comparison in all)
                comparison.Round(round, c);
        }

        string table = Table(all, side.Allocated, rounds);
        Console.Write(table);
        if (args.Length <= 1)
            File.WriteAllText(Path.Combine(CProgram.Root, "benchmarks", "results", "ring.md"), table);
        return all.All(r => r.IsMet) && side.Allocated == 0 ? 0 : 1;
    }

    private static string Table(RingComparison[] all, long allocated, int rounds)
    {
        var text = new StringBuilder();
        text.AppendLine("# Ring buffers and perf buffers: C over libbpf and C#");
        text.AppendLine();
        text.AppendLine("    chrt -r 1 dotnet run -c Release --project benchmarks -- ring");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{LinuxKernel.Instance.Name}, {Environment.ProcessorCount} CPUs, .NET {Environment.Version}. Medians of {rounds} slices; both sides");
        text.AppendLine("take turns, slice by slice, each with its own copy of tests/objects/streams.bpf.o, before other work of the machine");
        text.AppendLine("(SCHED_RR): a reader that others keep from its CPU drops events and measures nothing. Events have 16 bytes. Filled before:");
        text.AppendLine("CPU time of the reading thread. Producer on another CPU: wall time until the last event is read, with rings of 16 MiB; the");
        text.AppendLine("inverse is events per second. One event per wake-up: the reader sleeps on one CPU and the program runs on another; the");
        text.AppendLine("median of the times from bpf_ktime_get_ns() in the program to the handler. The ratio is C# to C, the median of the slices'");
        text.AppendLine("ratios; beside it that of the smallest measures, which other load on the machine disturbs least.");
        text.AppendLine();
        text.AppendLine("| operation | C | C# | ratio | of the smallest | aim | dropped, C | dropped, C# |");
        text.AppendLine("|---|---:|---:|---:|---:|---|---:|---:|");
        foreach (RingComparison row in all)
            text.AppendLine(row.ToRow());
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Reading filled buffers allocated {allocated} bytes (aim: none, {(allocated == 0 ? "met" : "missed")}).");
        return text.ToString();
    }
}
