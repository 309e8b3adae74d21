using System.Text.Json;
using LibbpfSharp.Cli;

namespace LibbpfSharp.Tests.Integration.Cli;

/// <summary><c>run</c> gives the same on Linux and on the emulator.</summary>
public sealed class RunCommandTests
{
    [Theory]
    [InlineData("maps", "entry", "tail_two")]
    [InlineData("calls", "third", "third")]
    public void Runs_and_maps_are_equal_on_both_kernels(string name, string first, string second)
    {
        RequireKernel.Linux();
        string packet = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(packet, new byte[64]);
            (int exit, string output)[] results = [.. new[] { "linux", "emulator" }.Select(kernel => Run(
                "run", TestObjects.GetPath(name), "--kernel", kernel, "--program", first, "--program", second, "--data-in", packet, "--dump-maps", "--json"))];
            Assert.All(results, r => Assert.Equal(0, r.exit));
            Assert.Equal(Comparable(results[0].output), Comparable(results[1].output));
        }
        finally
        {
            File.Delete(packet);
        }
    }

    // Per-CPU values depend on the number of CPUs, the kernel's name on the kernel.
    private static string Comparable(string output)
    {
        using JsonDocument json = JsonDocument.Parse(output);
        string maps = string.Join("\n", json.RootElement.GetProperty("maps").EnumerateObject().Where(m => m.Name != "sized_array").Select(m => m.ToString()));
        return $"{json.RootElement.GetProperty("runs")}\n{maps}";
    }

    private static (int Exit, string Output) Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exit = CliApp.Run(args, new CliConsole(output, error, isTerminal: false, hasColours: false));
        return (exit, exit == 0 ? output.ToString() : $"{output}{error}");
    }
}
