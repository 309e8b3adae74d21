using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <summary>Wrong programs: both kernels refuse them, with the same errno.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void BothKernelsRefuseWithTheSameErrno()
    {
        RequireKernel.Linux();
        Assert.SkipUnless(TestKernels.Host.Facts.Release >= new Version(6, 18), "The emulator answers like 6.18; earlier kernels refuse some with another errno.");
        using var linux = new RefusalMachine(TestKernels.Linux);
        using var emulator = new RefusalMachine(TestKernels.Emulator);
        var wrong = new List<string>();
        var errnos = new SortedDictionary<BpfErrno, int>();
        foreach (Refusal program in Refusals.All)
        {
            int expected = linux.Load(program, out string linuxLog);
            int actual = emulator.Load(program, out string emulatorLog);
            if (expected >= 0)
            {
                linux.Kernel.Close(expected);
                wrong.Add($"{program.Name}: Linux takes it");
            }

            if (actual >= 0)
                emulator.Kernel.Close(actual);
            if (expected < 0)
                errnos[(BpfErrno)(-expected)] = errnos.GetValueOrDefault((BpfErrno)(-expected)) + 1;
            if (expected < 0 && actual != expected)
                wrong.Add($"{program.Name}: Linux {Text(expected)} ({LastLine(linuxLog)}), emulator {Text(actual)} ({LastLine(emulatorLog)})");
        }

        Summary.Write($"Wrong programs: {Refusals.All.Count} refused by both kernels ({string.Join(", ", errnos.Select(e => $"{e.Key} {e.Value}"))})");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(Refusals.All.Count >= 60);
        Assert.Equal(Refusals.All.Count, Refusals.All.Select(p => p.Name).Distinct().Count());
    }

    private static string Text(int result) => result >= 0 ? "takes it" : ((BpfErrno)(-result)).ToString();

    private static string LastLine(string log) =>
        log.Split('\n').LastOrDefault(l => l.Length > 0 && !l.StartsWith("processed", StringComparison.Ordinal)) ?? "no log";
}
