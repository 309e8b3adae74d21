using System.Diagnostics;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Formats.Objects;

/// <summary>Any file is either read or refused with section and offset: no other exception, no hang, no flood of memory.</summary>
public sealed class ObjectMutationTests
{
    private const int Seed = 20260;
    private const long MaxAllocation = 64 << 20;

    // Far above what a file of some kilobytes needs (the limit is one second), so that a busy machine does not fail it.
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    [Fact]
    public void Mutated_objects_are_refused_with_section_and_offset_or_read()
    {
        int count = TestSettings.Count("LIBBPFSHARP_MUTATIONS", quick: 4_000, ci: 200_000);
        string[] names = [.. TestObjects.Names];
        ObjectMutator[] mutators = [.. names.Select(n => new ObjectMutator(TestObjects.Read(n)))];
        int clean = 0;
        int refused = 0;
        long mostBytes = 0;
        long slowest = 0;
        Dictionary<string, int> sections = [];

        Parallel.For(0, count, i =>
        {
            byte[] bytes = mutators[i % mutators.Length].Mutate(new Random(Seed + i));
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            string? section = Exercise(bytes, $"mutation {i} of {names[i % names.Length]}");
            long ticks = Stopwatch.GetTimestamp() - started;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated < MaxAllocation, $"mutation {i} of {names[i % names.Length]} allocates {allocated} bytes");
            Assert.True(Stopwatch.GetElapsedTime(0, ticks) < s_hang, $"mutation {i} of {names[i % names.Length]} takes {Stopwatch.GetElapsedTime(0, ticks)}");
            lock (sections)
            {
                mostBytes = Math.Max(mostBytes, allocated);
                slowest = Math.Max(slowest, ticks);
                if (section is null)
                {
                    clean++;
                    return;
                }

                refused++;
                sections[section] = sections.GetValueOrDefault(section) + 1;
            }
        });

        Summary.Write(
            $"object mutations: {count} of {names.Length} objects, {clean} read, {refused} refused "
            + $"({string.Join(", ", sections.OrderByDescending(s => s.Value).Take(8).Select(s => $"{s.Key} {s.Value}"))}); "
            + $"most memory {mostBytes >> 10} KiB, slowest {Stopwatch.GetElapsedTime(0, slowest).TotalMilliseconds:0} ms");
        Assert.True(clean >= count / 10, $"only {clean} of {count} mutations were read");
        Assert.True(refused >= count / 10, $"only {refused} of {count} mutations were refused");
    }

    /// <summary>Reads all that consumers read; the section of the refusal, or null if there was none.</summary>
    private static string? Exercise(byte[] bytes, string what)
    {
        try
        {
            BpfObjectFile file = BpfObjectFile.Parse(bytes, "mutant");
            foreach (BpfProgramSpec program in file.Programs)
                Assert.NotEmpty(BpfDisassembler.Disassemble(BpfProgramLinker.Link(program).Instructions));
            BtfData? btf = file.GetLoadableBtf();
            foreach (BpfVariableSpec variable in file.Variables)
            {
                if (variable.TypeId != 0)
                    _ = btf!.TryGetSize(variable.TypeId, out _);
            }

            return null;
        }
        catch (BpfObjectFormatException e)
        {
            Assert.NotEmpty(e.Section);
            Assert.True(e.Offset >= 0, $"{what}: {e.Message}");
            Assert.StartsWith($"{e.Section}, offset 0x", e.Message, StringComparison.Ordinal);
            return e.Section;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {e}");
            throw;
        }
    }
}
