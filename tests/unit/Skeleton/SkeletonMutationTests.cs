using System.Diagnostics;
using LibbpfSharp.Formats;
using LibbpfSharp.Skeleton;
using LibbpfSharp.Tests.Skeleton;
using LibbpfSharp.Tests.Unit.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Skeleton;

/// <summary>Malformed objects: refused with a word about it, or generated; what is generated compiles.</summary>
public sealed class SkeletonMutationTests
{
    private const int Seed = 20_261_126;
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(1);

    [Fact]
    public void Mutated_objects_are_generated_or_refused()
    {
        int count = TestSettings.Count("LIBBPFSHARP_SKELETON_MUTATIONS", quick: 500, ci: 5_000);
        int compiled = TestSettings.Ci ? 30 : 8;
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "objects"), "*.bpf.o", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        ObjectMutator[] mutators = [.. files.Select(f => new ObjectMutator(File.ReadAllBytes(f)))];
        int generated = 0;
        int refused = 0;
        List<(int Number, string Code)> kept = [];

        Parallel.For(0, count, i =>
        {
            byte[] bytes = mutators[i % mutators.Length].Mutate(new Random(Seed + i));
            string what = $"mutation {i} of {Path.GetFileName(files[i % files.Length])}";
            long started = Stopwatch.GetTimestamp();
            try
            {
                SkeletonResult result = SkeletonGenerator.Generate(bytes, new() { ObjectName = "mutant", ExtraTypes = ["*"] });
                Interlocked.Increment(ref generated);
                lock (kept)
                    kept.Add((i, result.Code));
            }
            catch (BpfObjectFormatException e)
            {
                Assert.NotEmpty(e.Section);
                Interlocked.Increment(ref refused);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{what}: {e}");
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < s_hang, $"{what} takes {Stopwatch.GetElapsedTime(started)}");
        });

        // Which are compiled does not depend on the order of the threads.
        kept.Sort((a, b) => a.Number.CompareTo(b.Number));
        for (int i = 0; i < compiled && i < kept.Count; i++)
            GeneratedCode.Emit(kept[i * kept.Count / compiled].Code);
        Summary.Write($"skeleton mutations: {count} of {files.Length} objects, {generated} generated, {refused} refused, {compiled} compiled");
        Assert.True(generated >= count / 10, $"only {generated} of {count} mutations were generated");
        Assert.True(refused >= count / 10, $"only {refused} of {count} mutations were refused");
    }
}
