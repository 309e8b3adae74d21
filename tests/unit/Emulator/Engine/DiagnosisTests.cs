using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Tests;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>Tracing, coverage, warnings and what faults tell under diagnosis.</summary>
public sealed class DiagnosisTests
{
    [Fact]
    public void The_hook_sees_each_instruction_with_its_registers()
    {
        using var machine = new TestMachine();
        int fd = machine.Load(WrongProgramTests.Code(a => a.Mov(R0, 3).Label("l").Add(R0, -1).Jne(R0, 0, "l")));
        var steps = new List<string>();
        machine.Kernel.Diagnosis = new EmulatorDiagnosis { Trace = s => steps.Add($"{s.Line}: {s.Text} r0={s.Register(0)}") };
        Assert.Equal(0, machine.TestRun(fd, out uint _));
        Assert.Equal(
            [
                "1: r0 = 3 r0=0", "2: r0 += -1 r0=3", "3: if r0 != 0x0 goto pc-2 r0=2", "2: r0 += -1 r0=2", "3: if r0 != 0x0 goto pc-2 r0=1",
                "2: r0 += -1 r0=1", "3: if r0 != 0x0 goto pc-2 r0=0", "4: exit r0=0",
            ],
            steps);
    }

    [Fact]
    public void Coverage_is_written_as_lcov()
    {
        using var machine = new TestMachine();
        var coverage = new EmulatedCoverage();
        machine.Kernel.Diagnosis = new EmulatorDiagnosis { Coverage = coverage };
        int fd = machine.Load(
            WrongProgramTests.Code(
                a => a.Load(BpfSize.Word, R6, R1, 0).Jgt(R6, 100, "long").Mov(R1, R6).CallLocal("half").Exit()
                    .Label("long").Mov(R0, 1).Exit()
                    .Label("half").Mov(R0, R1).Rsh(R0, 1).Exit()
                    .Label("never").Mov(R0, 0).Exit(),
                exit: false)[..^2],
            BpfProgramType.SchedCls);
        for (int i = 0; i < 3; i++)
            Assert.Equal(0, machine.TestRun(fd, out uint _, new byte[64]));
        var text = new StringWriter();
        coverage.WriteLcov(text);
        Golden.Check("coverage.golden.info", text.ToString());
    }

    [Fact]
    public void A_fault_under_diagnosis_has_registers_and_history()
    {
        using var machine = new TestMachine();
        machine.Kernel.Diagnosis = new EmulatorDiagnosis { HistoryLength = 3 };
        int fd = machine.Load(WrongProgramTests.Code(a => a.Mov(R6, 77).Mov(R1, 0).Add(R1, 8).Load(BpfSize.Word, R0, R1, 0)));
        Assert.Equal(-(int)BpfErrno.EFAULT, machine.TestRun(fd, out uint _));
        BpfProgramFault fault = machine.Kernel.LastFault!;
        Assert.Equal(11, fault.Registers.Count);
        Assert.Equal(77u, fault.Registers[6]);
        Assert.Equal(["1: r1 = 0", "2: r1 += 8", "3: r0 = *(u32 *)(r1 +0)"], fault.History);
        Assert.Contains("r6=0x4d", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stack_never_written_reads_as_zero_with_a_warning()
    {
        using var machine = new TestMachine();
        var diagnosis = new EmulatorDiagnosis();
        machine.Kernel.Diagnosis = diagnosis;
        int fd = machine.Load(WrongProgramTests.Code(a => a.Load(BpfSize.DoubleWord, R0, R10, -16)));
        Assert.Equal(0, machine.TestRun(fd, out uint result, repeat: 2));
        Assert.Equal(0u, result);
        BpfProgramFault warning = Assert.Single(diagnosis.Warnings);
        Assert.Equal(BpfFaultKind.UninitializedStack, warning.Kind);
        Assert.Equal(1, warning.Line);
    }

    [Fact]
    public void A_fault_in_a_function_names_the_functions_around_it()
    {
        using var machine = new TestMachine();
        int fd = machine.Load(WrongProgramTests.Code(a => a.Mov(R1, 0).CallLocal("f").Exit().Label("f").Load(BpfSize.Word, R0, R1, 0).Exit(), exit: false));
        Assert.Equal(-(int)BpfErrno.EFAULT, machine.TestRun(fd, out uint _));
        BpfProgramFault fault = machine.Kernel.LastFault!;
        Assert.Equal("sub1", fault.Function);
        Assert.Equal(["sub1 at prog.c:4", "prog at prog.c:2"], fault.CallStack);
    }
}
