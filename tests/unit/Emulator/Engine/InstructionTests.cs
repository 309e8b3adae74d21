using LibbpfSharp.Emulator;
using LibbpfSharp.Tests;
using LibbpfSharp.Tests.Instructions;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>The repository's own instruction table on the interpreter's two loops, in all 64 bits and through PROG_TEST_RUN.</summary>
public sealed unsafe class InstructionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_instruction_gives_its_result(bool stepping)
    {
        using var machine = new TestMachine();
        machine.Kernel.Diagnosis = stepping ? new EmulatorDiagnosis() : null;
        var failures = new List<string>();
        int count = 0;
        foreach (InstructionCase test in InstructionCases.All())
        {
            count++;
            int fd = machine.TryLoad(test.Program, withLines: false);
            if (fd < 0)
            {
                failures.Add($"{test.Name}: refused: {machine.Log}");
                continue;
            }

            machine.Kernel.Find((uint)fd, out EmulatedProgram? program);
            RunContext run = machine.Kernel.Runner.Rent();
            ulong result = run.ExecuteRaw(program!, null, 0);
            machine.Kernel.Runner.Return(run);
            if (result != test.Result)
                failures.Add($"{test.Name}: 0x{result:x} instead of 0x{test.Result:x}");
            machine.Kernel.Close(fd);
            if (!stepping && count % 50 == 0)
                Assert.Equal(test.Folded, machine.Run(test.Folding));
        }

        Summary.Write($"instruction cases: {count}");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
        Assert.True(count > 20_000, $"{count}");
    }
}
