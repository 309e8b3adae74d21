using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>Replays recorded answers of Linux 6.18 on each kernel.</summary>
public sealed class VectorTests(VectorTally tally) : IClassFixture<VectorTally>
{
    /// <summary>Exact victims of an LRU, exact order of a seedless hash, bytes left over in recycled slots: another kernel may answer otherwise.</summary>
    private static readonly string[] s_exactTags = ["lru_exact_pinned_cpu0", "lru_exact_two_cpus", "zero_seed_exact", "stale_padding"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string kernel in (string[])[TestKernels.Linux, TestKernels.Emulator])
        {
            foreach (string name in VectorFiles.Scenarios.Keys)
                cases.Add(kernel, name);
        }

        return cases;
    }

    [Fact]
    public void EveryVectorFileHoldsScenarios() => Assert.NotEmpty(VectorFiles.Scenarios);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vector(string kernel, string name)
    {
        VectorScenario scenario = VectorFiles.Scenarios[name];
        VectorTally.Counts counts = tally.Of(kernel);
        using TestMachine machine = TestMachine.Create(kernel);
        string? unfit = Unfit(machine, scenario);
        if (unfit is not null)
        {
            counts.Skipped.Add(unfit);
            Assert.Skip(unfit);
        }

        string? difference = Replay(machine, scenario);
        if (difference is null)
        {
            Interlocked.Increment(ref counts.Passed);
            return;
        }

        if (kernel == TestKernels.Emulator && scenario.Tags.FirstOrDefault(s_exactTags.Contains) is { } exact)
        {
            counts.Skipped.Add(exact);
            Assert.Skip($"{exact}: the emulator answers otherwise ({difference})");
        }

        Interlocked.Increment(ref counts.Failed);
        Assert.Fail(difference);
    }

    private static string? Replay(TestMachine machine, VectorScenario scenario)
    {
        // Ids are the whole system's: another process that makes a map in between changes the answers.
        int attempts = !machine.Kernel.IsEmulated && scenario.Name.StartsWith("ids/", StringComparison.Ordinal) ? 50 : 1;
        string? difference = null;
        for (int i = 0; i < attempts; i++)
        {
            using var runner = new VectorRunner(machine, scenario);
            difference = runner.Run();
            if (difference is null)
                break;
        }

        return difference;
    }

    private static string? Unfit(TestMachine machine, VectorScenario scenario)
    {
        if (scenario.Needs.Contains("two_cpus") && machine.Kernel.Facts.PossibleCpus.Count != 2)
            return "recorded with 2 possible CPUs";
        if (scenario.Tags.Contains("version_6_18") && machine.Kernel.Facts.Release is not { Major: 6, Minor: 18 })
            return "recorded on Linux 6.18, where newer and older kernels differ";
        return null;
    }
}
