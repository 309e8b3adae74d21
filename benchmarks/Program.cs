using System.Globalization;
using LibbpfSharp.Benchmarks;

// dotnet run -c Release --project benchmarks -- [name ...]; without a name all are run.
if (args is ["maps", ..])
    return LibbpfSharp.Benchmarks.Maps.MapsBenchmark.Run(args.AsSpan(1));
if (args is ["ring", ..])
    return LibbpfSharp.Benchmarks.Rings.RingBenchmark.Run(args.AsSpan(1));
if (args is ["skeleton", ..])
    return LibbpfSharp.Benchmarks.Skeleton.SkeletonBenchmark.Run(args.AsSpan(1));
IBenchmark[] all = [new BtfBenchmark(), new EngineBenchmark()];
IBenchmark[] chosen = args.Length == 0 ? all : [.. all.Where(b => args.Contains(b.Name))];
if (chosen.Length == 0 || chosen.Length < args.Length)
{
    Console.Error.WriteLine($"usage: LibbpfSharp.Benchmarks [{string.Join('|', all.Select(b => b.Name))}] ..., or maps [ROUNDS], or ring [ROUNDS], or skeleton [FOLDER]");
    return 2;
}

int failed = 0;
Console.WriteLine($"{"what",-64} {"median",12} {"smallest",12} {"allocated",12}  demand");
foreach (IBenchmark benchmark in chosen)
{
    foreach (Measurement m in benchmark.Run())
    {
        failed += m.IsMet ? 0 : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m.What,-64} {m.Median,9:0.000} ms {m.Smallest,9:0.000} ms {m.Allocated / 1024.0,8:0.0} KiB  {(m.Demand is null ? "" : $"{m.Demand} {(m.IsMet ? "met" : "MISSED")}")}"));
    }
}

return failed == 0 ? 0 : 1;
