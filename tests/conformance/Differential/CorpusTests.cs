using System.Globalization;
using System.Text;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>
/// Objects that others wrote: what Linux loads the emulator accepts, and programs of types that PROG_TEST_RUN takes do the same
/// over the same packets.
/// </summary>
public sealed class CorpusTests
{
    [Fact]
    public void TheEmulatorAcceptsAndRunsWhatLinuxDoes()
    {
        IReadOnlyList<string> files = Corpus.Require();
        RequireKernel.Linux();
        Assert.Equal(0, TestKernels.Host.Facts.ReadBtf(null, out KernelBlob? btf));
        using KernelBlob held = btf!;
        using var pinning = new CpuPinning(TestKernels.Host.Facts.PossibleCpus[0]);
        using var emulator = new EmulatedKernel(new EmulatedKernelOptions { Btf = held.Memory, Release = TestKernels.Host.Facts.Release, Config = TestKernels.Host.Facts.ReadConfig() });
        emulator.CurrentTask = ThisTask();
        byte[][] packets = [.. TestPackets.All.Select(p => p.Bytes)];

        var explained = ExplainedDifferences.Read();
        var differences = new List<string>();
        var text = new StringBuilder();
        var loaded = new HashSet<string>(StringComparer.Ordinal);
        int refused = 0, subjects = 0, lines = 0;
        foreach (string file in files)
        {
            string name = Path.GetFileName(file)[..^".bpf.o".Length];
            List<(string Subject, List<string> Lines)>? linux = TryRun(TestKernels.Host, file, packets, out string why);
            if (linux is null)
            {
                refused++;
                text.Append(CultureInfo.InvariantCulture, $"  {name}: Linux: {FirstLine(why)}\n");
                continue;
            }

            loaded.Add(name);
            List<(string Subject, List<string> Lines)>? emulated = TryRun(emulator, file, packets, out why);
            if (emulated is null)
            {
                differences.Add($"{name}: the emulator refuses what Linux loads: {why}");
                continue;
            }

            Assert.Equal(linux.Select(o => o.Subject), emulated.Select(o => o.Subject));
            for (int i = 0; i < linux.Count; i++)
            {
                subjects++;
                lines += linux[i].Lines.Count;
                if (linux[i].Lines.SequenceEqual(emulated[i].Lines))
                {
                    explained.NoteEqual(name, linux[i].Subject);
                    continue;
                }

                string difference = Describe(linux[i].Lines, emulated[i].Lines);
                if (explained.Explain(name, linux[i].Subject) is { } reason)
                    text.Append(CultureInfo.InvariantCulture, $"  {name}: {linux[i].Subject} differs: {reason}\n");
                else
                    differences.Add($"{name}: {linux[i].Subject}: {difference}");
            }
        }

        differences.AddRange(explained.Unused(loaded));
        Summary.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"Corpus: {loaded.Count} objects loaded by Linux and by the emulator, {subjects} programs and maps compared over {packets.Length} packets ({lines} results and elements), {refused} refused by Linux\n{text}"));
        Assert.True(loaded.Count > 0, "Linux loads none of them");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    // The emulator's process has this one's numbers, which programs record.
    private static EmulatedTask ThisTask()
    {
        string status = File.ReadAllText("/proc/thread-self/status");
        int Number(string field) => int.Parse(status.Split('\n').First(l => l.StartsWith(field, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new EmulatedTask
        {
            Pid = Number("Pid:"),
            Tgid = Number("Tgid:"),
            Uid = (uint)Number("Uid:"),
            Gid = (uint)Number("Gid:"),
            Comm = File.ReadAllText("/proc/thread-self/comm").TrimEnd('\n'),
        };
    }

    private static List<(string Subject, List<string> Lines)>? TryRun(IBpfKernel kernel, string file, byte[][] packets, out string why)
    {
        why = "";
        try
        {
            using BpfObjectOpen open = CorpusObject.Open(file, new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed }, out _);
            using BpfObject loaded = open.Load();
            return DifferentialOutcome.Of(loaded, packets);
        }
        catch (Exception e) when (e is BpfException or BpfObjectFormatException)
        {
            why = e.Message;
            return null;
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string Describe(List<string> linux, List<string> emulator)
    {
        int at = Enumerable.Range(0, Math.Max(linux.Count, emulator.Count)).First(i => i >= linux.Count || i >= emulator.Count || linux[i] != emulator[i]);
        return $"line {at}:\n    Linux:    {(at < linux.Count ? linux[at] : "(no more)")}\n    emulator: {(at < emulator.Count ? emulator[at] : "(no more)")}";
    }
}
