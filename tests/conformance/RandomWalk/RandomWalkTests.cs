using System.Globalization;
using System.Text;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomWalk;

/// <summary>
/// The same random calls on Linux and on the emulator have the same answers. LIBBPFSHARP_WALKS sets the number of walks,
/// LIBBPFSHARP_WALK_SEED the first seed.
/// </summary>
public sealed class RandomWalkTests
{
    private const int Steps = 100;
    private const int ShrinkLimit = 2000;

    /// <summary>What is left to a kernel's discretion is not compared: Linux beside Linux shows no difference either.</summary>
    [Fact]
    public void LinuxAnswersEveryWalkTwiceAlike()
    {
        using TestMachine linux = TestMachine.Create(TestKernels.Linux);
        Assert.SkipUnless(linux.Kernel.Facts.PossibleCpus.Count == 2, "walks pass per-CPU values for 2 possible CPUs");
        for (int seed = 1_000_001; seed <= 1_000_100; seed++)
        {
            List<WalkStep> walk = new WalkGenerator(seed).Generate(Steps);
            if (Play(linux.Kernel, () => TestMachine.Create(TestKernels.Linux), walk, null) is not null)
                Assert.Fail(Report(linux.Kernel, () => TestMachine.Create(TestKernels.Linux), walk, seed));
        }
    }

    [Fact]
    public void BothKernelsAnswerEveryWalkAlike()
    {
        using TestMachine linux = TestMachine.Create(TestKernels.Linux);
        Assert.SkipUnless(linux.Kernel.Facts.PossibleCpus.Count == 2, "walks pass per-CPU values for 2 possible CPUs");
        int walks = TestSettings.Count("LIBBPFSHARP_WALKS", quick: 200, ci: 2000);
        int first = TestSettings.Count("LIBBPFSHARP_WALK_SEED", quick: 1, ci: 1);
        var tally = new SortedDictionary<WalkOperation, (int Succeeded, int Failed)>();
        for (int seed = first; seed < first + walks; seed++)
        {
            List<WalkStep> walk = new WalkGenerator(seed).Generate(Steps);
            if (Play(linux.Kernel, Emulator, walk, tally) is not null)
                Assert.Fail(Report(linux.Kernel, Emulator, walk, seed));
        }

        Summary.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"Random walks: {walks} of {Steps} steps, no difference; succeeded/failed on Linux: {string.Join(", ", tally.Select(t => $"{t.Key} {t.Value.Succeeded}/{t.Value.Failed}"))}"));
        // Few walks may miss an operation's rarer outcome; many may not.
        if (walks >= 200)
            Assert.All(Enum.GetValues<WalkOperation>().Where(o => o != WalkOperation.Walk), o => Assert.True(tally[o] is { Succeeded: > 0, Failed: > 0 }, $"{o}: {tally[o]}"));
    }

    private static TestMachine Emulator() => TestMachine.Create(TestKernels.Emulator);

    // Null if every answer is the same, else what differs.
    private static string? Play(IBpfKernel linux, Func<TestMachine> other, List<WalkStep> walk, SortedDictionary<WalkOperation, (int Succeeded, int Failed)>? tally)
    {
        using TestMachine emulator = other();
        using var left = new WalkPlayer(linux);
        using var right = new WalkPlayer(emulator.Kernel);
        for (int i = 0; i < walk.Count; i++)
        {
            WalkAnswer expected = left.Play(walk[i]);
            WalkAnswer actual = right.Play(walk[i]);
            if (expected.Violation is not null || actual.Violation is not null)
                return $"step {i}: {walk[i]}\n  invariant broken: Linux {expected.Violation ?? "holds"}, emulator {actual.Violation ?? "holds"}";
            if (expected.Text != actual.Text)
                return $"step {i}: {walk[i]}\n  Linux:    {expected.Text}\n  emulator: {actual.Text}";
            if (tally is not null)
            {
                (int succeeded, int failed) = tally.GetValueOrDefault(walk[i].Operation);
                tally[walk[i].Operation] = expected.Errno == 0 ? (succeeded + 1, failed) : (succeeded, failed + 1);
            }
        }

        return null;
    }

    private static string Report(IBpfKernel linux, Func<TestMachine> other, List<WalkStep> walk, int seed)
    {
        List<WalkStep> shortest = Shrink(linux, other, walk);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seed {seed}: the kernels differ.\n{Play(linux, other, shortest, null) ?? "(not every time)"}\nThe steps that matter:\n");
        for (int i = 0; i < shortest.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"  {i}: {shortest[i]}\n");
        return text.ToString();
    }

    // Leaves out steps, in ever smaller pieces, as long as a difference remains.
    private static List<WalkStep> Shrink(IBpfKernel linux, Func<TestMachine> other, List<WalkStep> walk)
    {
        int plays = 0;
        for (int piece = walk.Count / 2; piece >= 1; piece /= 2)
        {
            for (int at = walk.Count - piece; at >= 0 && plays < ShrinkLimit; at -= piece)
            {
                if (at + piece > walk.Count)
                    continue;
                List<WalkStep> shorter = [.. walk[..at], .. walk[(at + piece)..]];
                plays++;
                if (Play(linux, other, shorter, null) is not null)
                    walk = shorter;
            }
        }

        return walk;
    }
}
