using System.Text;
using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>Iterators over elements of maps: the emulator by itself, and beside Linux where the kernel loads them.</summary>
public sealed class IteratorTests
{
    [Fact]
    public void ElementsOnTheEmulator()
    {
        using var kernel = new EmulatedKernel();
        List<string> lines = Walk(kernel);
        Assert.Null(kernel.LastFault);

        // 900 lines of about 100 bytes: more than one buffer; each element once, though one was asked for again.
        string text = Encoding.ASCII.GetString([.. lines.Where(l => l.StartsWith("many", StringComparison.Ordinal)).SelectMany(l => Convert.FromHexString(l.Split(' ')[2]))]);
        string[] printed = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 * 901, printed.Length);
        Assert.StartsWith("00000000 of 900 is 0, number 0;", printed[0], StringComparison.Ordinal);
        Assert.StartsWith("00000899 of 900 is 0, number 899;", printed[899], StringComparison.Ordinal);
        Assert.Equal("end 899", printed[900]);
        Assert.StartsWith("00000899 of 900 is 899, number 899;", printed[1800], StringComparison.Ordinal);
        Assert.Contains("hash_elements: 12 070000002a00000000000000", lines);
        Assert.Equal(2, lines.Count(l => l == "percpu_elements: 36 000000000000000000000000010000000000000000000000020000002a00000000000000"));
    }

    [Fact]
    public void ElementsOnBothKernels()
    {
        RequireKernel.Linux();
        Assert.SkipWhen(HostExceptions.IsListed("map element iterator load"), "This kernel does not load iterators over elements (tests/host-exceptions.json).");
        using var pinning = new CpuPinning(TestKernels.Host.Facts.PossibleCpus[0]);
        List<string> linux = Walk(TestKernels.Host);
        using var kernel = new EmulatedKernel();
        Assert.Equal(linux, Walk(kernel));
    }

    private static List<string> Walk(IBpfKernel kernel)
    {
        using BpfObjectOpen open = BpfObject.Open(DifferentialObjects.PathOf("iterators"), new BpfObjectOptions { Kernel = kernel, Loader = BpfLoader.Managed });
        foreach (BpfProgramDefinition program in open.Programs)
            program.AutoLoad = program.Name is "fill" || program.Name.EndsWith("_elements", StringComparison.Ordinal);
        using BpfObject loaded = open.Load();
        loaded.Programs["fill"].TestRun(new byte[64]);
        var lines = new List<string>();
        foreach (string name in (string[])["many_elements", "hash_elements", "percpu_elements"])
            IteratorReads.Read(lines, loaded.Programs[name], loaded);
        return lines;
    }
}
