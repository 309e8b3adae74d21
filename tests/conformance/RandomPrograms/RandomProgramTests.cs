using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

/// <summary>
/// Random programs that Linux accepts do the same on the emulator. LIBBPFSHARP_PROGRAMS sets how many accepted ones,
/// LIBBPFSHARP_PROGRAM_SEED the first seed.
/// </summary>
public sealed class RandomProgramTests
{
    private static readonly HashSet<int> s_nothing = [];

    [Fact]
    public void AcceptedProgramsDoTheSameOnTheEmulator()
    {
        int wanted = TestSettings.Count("LIBBPFSHARP_PROGRAMS", quick: 500, ci: 20_000);
        int seed = TestSettings.Count("LIBBPFSHARP_PROGRAM_SEED", quick: 1, ci: 1);
        using TestMachine linux = TestMachine.Create(TestKernels.Linux);
        using TestMachine emulator = TestMachine.Create(TestKernels.Emulator);
        using var left = new ProgramMaps(linux.Kernel);
        using var right = new ProgramMaps(emulator.Kernel);
        int accepted = 0;
        var refusals = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var features = new SortedDictionary<ProgramFeatures, int>();
        long instructions = 0;
        for (; accepted < wanted; seed++)
        {
            ProgramGenerator program = ProgramGenerator.Generate(seed, left, s_nothing);
            ProgramOutcome expected = ProgramOutcome.Of(linux.Kernel, left, program, Packets(seed));
            if (expected.LoadErrno != 0)
            {
                string reason = expected.Log.Split('\n').LastOrDefault(l => l.Length > 0 && !l.StartsWith("processed", StringComparison.Ordinal)) ?? "";
                refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
                Assert.True(refusals.Values.Sum() < 1000 + accepted, $"Linux refuses most programs: {string.Join("; ", refusals.Take(20))}");
                continue;
            }

            ProgramOutcome actual = ProgramOutcome.Of(emulator.Kernel, right, ProgramGenerator.Generate(seed, right, s_nothing), Packets(seed));
            if (expected != actual)
                Assert.Fail(Report(linux, emulator, left, right, seed, program.Blocks));
            accepted++;
            instructions += program.Instructions.Length;
            foreach (ProgramFeatures feature in Enum.GetValues<ProgramFeatures>().Where(f => f != ProgramFeatures.None && program.Features.HasFlag(f)))
                features[feature] = features.GetValueOrDefault(feature) + 1;
        }

        Summary.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"Random programs: {accepted} accepted by Linux and equal on the emulator, {instructions} instructions, {refusals.Values.Sum()} refused by Linux; with {string.Join(", ", features.Select(f => $"{f.Key} {f.Value}"))}"));
        if (wanted >= 100)
        {
            foreach (ProgramFeatures feature in (ProgramFeatures[])[ProgramFeatures.Loops, ProgramFeatures.Subprograms, ProgramFeatures.Maps, ProgramFeatures.Helpers, ProgramFeatures.Atomics])
                Assert.True(features.GetValueOrDefault(feature) * 5 >= accepted, $"{feature} in only {features.GetValueOrDefault(feature)} of {accepted}");
        }
    }

    // Two packets: one with all that programs reach for, one that ends early.
    private static byte[][] Packets(int seed)
    {
        var random = new Random(seed);
        byte[] large = new byte[64];
        byte[] small = new byte[33];
        random.NextBytes(large);
        random.NextBytes(small);
        return [large, small];
    }

    private static string Report(TestMachine linux, TestMachine emulator, ProgramMaps left, ProgramMaps right, int seed, int blocks)
    {
        var leftOut = new HashSet<int>();
        for (int block = 0; block < blocks; block++)
        {
            leftOut.Add(block);
            if (!Differ(leftOut, out _, out _))
                leftOut.Remove(block);
        }

        Differ(leftOut, out ProgramOutcome expected, out ProgramOutcome actual);
        ProgramGenerator program = ProgramGenerator.Generate(seed, left, leftOut);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seed {seed}: the kernels differ.\nLinux: {expected.LoadErrno}\n{expected.Text}\nemulator: {actual.LoadErrno} {actual.Log}\n{actual.Text}\n");
        text.Append(BpfDisassembler.Disassemble(program.Instructions));
        return text.ToString();

        bool Differ(HashSet<int> without, out ProgramOutcome one, out ProgramOutcome other)
        {
            one = ProgramOutcome.Of(linux.Kernel, left, ProgramGenerator.Generate(seed, left, without), Packets(seed));
            other = ProgramOutcome.Of(emulator.Kernel, right, ProgramGenerator.Generate(seed, right, without), Packets(seed));
            return one.LoadErrno == 0 && one != other;
        }
    }

    /// <summary>The generator and its outcome are a function of the seed: Linux beside Linux shows no difference.</summary>
    [Fact]
    public void ProgramsDoTheSameOnLinuxTwice()
    {
        using TestMachine linux = TestMachine.Create(TestKernels.Linux);
        using var maps = new ProgramMaps(linux.Kernel);
        int accepted = 0;
        for (int seed = 1_000_001; seed <= 1_000_100; seed++)
        {
            ProgramOutcome first = ProgramOutcome.Of(linux.Kernel, maps, ProgramGenerator.Generate(seed, maps, s_nothing), Packets(seed));
            ProgramOutcome second = ProgramOutcome.Of(linux.Kernel, maps, ProgramGenerator.Generate(seed, maps, s_nothing), Packets(seed));
            Assert.Equal(first, second);
            accepted += first.LoadErrno == 0 ? 1 : 0;
        }

        Assert.InRange(accepted, 50, 100);
    }
}
