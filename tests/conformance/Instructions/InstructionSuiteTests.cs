namespace LibbpfSharp.Tests.Conformance.Instructions;

/// <summary>All of bpf_conformance on the emulator's engines.</summary>
public sealed class InstructionSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_case_gives_its_result()
    {
        string? file = InstructionSuite.FindFile();
        Assert.SkipWhen(file is null, "The instruction suite is not here; set LIBBPFSHARP_CONFORMANCE to the folder with its index.json.");
        IReadOnlyList<InstructionSuite.Case> cases = InstructionSuite.Read(file!);
        var failures = new List<string>();
        using var machine = new BareMachine();
        foreach (InstructionSuite.Case test in cases)
        {
            string? error = machine.Run(test.Program, test.Memory, out ulong result);
            if (error is not null)
                failures.Add($"{test.Name}: {error}");
            else if (result != test.Result)
                failures.Add($"{test.Name}: 0x{result:x} instead of 0x{test.Result:x}");
        }

        output.WriteLine($"instruction suite: {cases.Count - failures.Count} of {cases.Count}");
        Assert.Empty(failures);
        Assert.True(cases.Count >= 313, $"only {cases.Count} cases");
    }
}
