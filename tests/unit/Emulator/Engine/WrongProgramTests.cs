using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>Programs that do something wrong while running: each ends with the fault and the C line that say what.</summary>
public sealed class WrongProgramTests
{
    /// <summary>What a case needs of the machine; the array it names has one value of 16 bytes, the hash none.</summary>
    internal sealed record Maps(int Array, int Hash, int ReadOnly, int Programs, int Ring);

    internal sealed record Case(string Name, BpfFaultKind Kind, int Line, Func<Maps, BpfInstruction[]> Build, BpfProgramType Type = BpfProgramType.SchedCls, bool Strict = false);

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    internal static IReadOnlyList<Case> Cases { get; } =
    [
        new("load through NULL", BpfFaultKind.NullPointer, 2, _ => Code(a => a.Mov(R1, 0).Load(BpfSize.Word, R0, R1, 0))),
        new("load through NULL plus a field offset", BpfFaultKind.NullPointer, 2, _ => Code(a => a.Mov(R1, 0).Load(BpfSize.Word, R0, R1, 64))),
        new("store through NULL", BpfFaultKind.NullPointer, 2, _ => Code(a => a.Mov(R1, 0).Store(BpfSize.DoubleWord, R1, 8, 1))),
        new("missing element not tested", BpfFaultKind.NullPointer, 8, m => Code(a => LookUp(a, m.Hash).Load(BpfSize.DoubleWord, R0, R0, 0))),
        new("error number taken for a pointer", BpfFaultKind.NullPointer, 2, _ => Code(a => a.Mov(R1, -22).Load(BpfSize.Word, R0, R1, 0))),
        new("number taken for a pointer", BpfFaultKind.InvalidAddress, 2, _ => Code(a => a.Mov(R1, 0x12345678).Load(BpfSize.Word, R0, R1, 0))),
        new("64-bit number taken for a pointer", BpfFaultKind.InvalidAddress, 3, _ => Code(a => a.LoadImm64(R1, 0x7fff_1234_5678_9abcUL).Load(BpfSize.Word, R0, R1, 0))),
        new("pointer into no region", BpfFaultKind.InvalidAddress, 3, _ => Code(a => a.LoadImm64(R1, 0xffff_8000_0000_0000UL).Load(BpfSize.Word, R0, R1, 0))),
        new("stack below its end", BpfFaultKind.OutOfBounds, 3, _ => Code(a => a.Mov(R1, R10).Add(R1, -520).Load(BpfSize.DoubleWord, R0, R1, 0))),
        new("stack above r10", BpfFaultKind.OutOfBounds, 2, _ => Code(a => a.Mov(R1, R10).Load(BpfSize.DoubleWord, R0, R1, 0))),
        new("stack across r10", BpfFaultKind.OutOfBounds, 3, _ => Code(a => a.Mov(R1, R10).Add(R1, -4).Store(BpfSize.DoubleWord, R1, 0, 1))),
        new("stack far below", BpfFaultKind.OutOfBounds, 3, _ => Code(a => a.Mov(R1, R10).Add(R1, -100000).Store(BpfSize.Byte, R1, 0, 1))),
        new("value past its end", BpfFaultKind.OutOfBounds, 10, m => Code(a => LookUp(a, m.Array).Jne(R0, 0, "ok").Exit().Label("ok").Load(BpfSize.DoubleWord, R0, R0, 16))),
        new("value across its end", BpfFaultKind.OutOfBounds, 10, m => Code(a => LookUp(a, m.Array).Jne(R0, 0, "ok").Exit().Label("ok").Load(BpfSize.DoubleWord, R0, R0, 12))),
        new("value before its beginning", BpfFaultKind.OutOfBounds, 10, m => Code(a => LookUp(a, m.Array).Jne(R0, 0, "ok").Exit().Label("ok").Load(BpfSize.Byte, R0, R0, -1))),
        new("value by a variable index", BpfFaultKind.OutOfBounds, 11, m => Code(a => LookUp(a, m.Array).Jne(R0, 0, "ok").Exit().Label("ok").Add(R0, 4096).Store(BpfSize.Byte, R0, 0, 1))),
        new("global past its end", BpfFaultKind.OutOfBounds, 3, m => Code(a => a.LoadMapValue(R1, m.Array, 8).Load(BpfSize.DoubleWord, R0, R1, 8))),
        new("read-only global written", BpfFaultKind.ReadOnly, 3, m => Code(a => a.LoadMapValue(R1, m.ReadOnly, 0).Store(BpfSize.Word, R1, 0, 1))),
        new("read-only global written atomically", BpfFaultKind.ReadOnly, 4, m => Code(a => a.Mov(R2, 1).LoadMapValue(R1, m.ReadOnly, 0).Atomic(BpfAtomicOperation.Add, BpfSize.DoubleWord, R1, 0, R2))),
        new("map itself read", BpfFaultKind.InvalidAddress, 3, m => Code(a => a.LoadMapFd(R1, m.Array).Load(BpfSize.Word, R0, R1, 0))),
        new("map itself written", BpfFaultKind.InvalidAddress, 3, m => Code(a => a.LoadMapFd(R1, m.Array).Store(BpfSize.Word, R1, 0, 0))),
        new("function itself read", BpfFaultKind.InvalidAddress, 3, _ => Code(a => a.LoadFunction(R1, "f").Load(BpfSize.Word, R0, R1, 0).Exit().Label("f").Mov(R0, 0))),
        new("context past its end", BpfFaultKind.InvalidContextAccess, 1, _ => Code(a => a.Load(BpfSize.Word, R0, R1, 192))),
        new("context field of a wrong size", BpfFaultKind.InvalidContextAccess, 1, _ => Code(a => a.Load(BpfSize.DoubleWord, R0, R1, 0))),
        new("context field read-only", BpfFaultKind.InvalidContextAccess, 2, _ => Code(a => a.Mov(R2, 1).Store(BpfSize.Word, R1, 0, R2))),
        new("context before its beginning", BpfFaultKind.InvalidContextAccess, 1, _ => Code(a => a.Load(BpfSize.Word, R0, R1, -4))),
        new("packet past data_end", BpfFaultKind.PacketOutOfBounds, 2, _ => Code(a => a.Load(BpfSize.Word, R2, R1, 76).Load(BpfSize.Word, R0, R2, 64))),
        new("packet across data_end", BpfFaultKind.PacketOutOfBounds, 2, _ => Code(a => a.Load(BpfSize.Word, R2, R1, 76).Load(BpfSize.Word, R0, R2, 62))),
        new("packet before data", BpfFaultKind.PacketOutOfBounds, 2, _ => Code(a => a.Load(BpfSize.Word, R2, R1, 76).Load(BpfSize.Byte, R0, R2, -1))),
        new("packet from data_end on", BpfFaultKind.PacketOutOfBounds, 2, _ => Code(a => a.Load(BpfSize.Word, R2, R1, 80).Load(BpfSize.Byte, R0, R2, 0))),
        new("packet of XDP past data_end", BpfFaultKind.PacketOutOfBounds, 2, _ => Code(a => a.Load(BpfSize.Word, R2, R1, 0).Load(BpfSize.Word, R0, R2, 100)), BpfProgramType.Xdp),
        new("packet read-only", BpfFaultKind.ReadOnly, 2, _ => Code(a => a.Load(BpfSize.Word, R2, R1, 76).Store(BpfSize.Byte, R2, 0, 1)), BpfProgramType.CgroupSkb),
        new("atomic at an odd address", BpfFaultKind.Misaligned, 3, _ => Code(a => a.Mov(R2, 1).Store(BpfSize.DoubleWord, R10, -16, 0).Atomic(BpfAtomicOperation.Add, BpfSize.DoubleWord, R10, -12, R2))),
        new("endless loop", BpfFaultKind.BudgetExceeded, 2, _ => Code(a => a.Mov(R0, 0).Label("l").Jeq(R0, 0, "l"))),
        new("endless loop over calls", BpfFaultKind.BudgetExceeded, 1, _ => Code(a => a.Label("l").CallLocal("f").Ja("l").Label("f").Mov(R0, 0).Exit(), exit: false)),
        new("call of a number", BpfFaultKind.InvalidCall, 2, _ => Code(a => a.Mov(R1, 0x7000000).CallX(R1))),
        new("call of the stack", BpfFaultKind.InvalidCall, 1, _ => Code(a => a.CallX(R10))),
        new("callbacks that call back", BpfFaultKind.CallDepth, 8, _ => Code(a => Recurse(a), exit: false)),
        new("helper with NULL for a key", BpfFaultKind.NullPointer, 4, m => Code(a => a.LoadMapFd(R1, m.Array).Mov(R2, 0).Call(1))),
        new("helper with a number for a map", BpfFaultKind.InvalidArgument, 4, _ => Code(a => a.Mov(R2, R10).Add(R2, -8).Mov(R1, 7).Call(1))),
        new("helper with a key past the stack", BpfFaultKind.OutOfBounds, 5, m => Code(a => a.LoadMapFd(R1, m.Array).Mov(R2, R10).Add(R2, -2).Call(1))),
        new("helper that writes past the stack", BpfFaultKind.OutOfBounds, 4, _ => Code(a => a.Mov(R1, R10).Add(R1, -8).Mov(R2, 16).Call(16)), BpfProgramType.Kprobe),
        new("spin lock where none is", BpfFaultKind.InvalidArgument, 4, _ => Code(a => a.Store(BpfSize.DoubleWord, R10, -8, 5).Mov(R1, R10).Add(R1, -8).Call(BpfHelperId.SpinLock))),
        new("tail call through no program array", BpfFaultKind.InvalidArgument, 4, m => Code(a => a.LoadMapFd(R2, m.Array).Mov(R3, 0).Call(12))),
        new("value after its deletion, strict", BpfFaultKind.UseAfterRelease, 23, m => Code(a => Insert(a, m.Hash).LoadMapFd(R1, m.Hash).Mov(R2, R10).Add(R2, -4).Call(1).Mov(R6, R0)
            .LoadMapFd(R1, m.Hash).Mov(R2, R10).Add(R2, -4).Call(3).Load(BpfSize.DoubleWord, R0, R6, 0)), Strict: true),
        new("ring buffer record after its submission", BpfFaultKind.UseAfterRelease, 11, m => Code(a => a.LoadMapFd(R1, m.Ring).Mov(R2, 8).Mov(R3, 0).Call(131).Mov(R6, R0).Mov(R1, R6).Mov(R2, 0).Call(132)
            .Mov(R7, 1).Store(BpfSize.DoubleWord, R6, 0, R7))),
        new("ring buffer record never given back", BpfFaultKind.UnbalancedReference, 7, m => Code(a => a.LoadMapFd(R1, m.Ring).Mov(R2, 8).Mov(R3, 0).Call(131).Mov(R0, 0))),
        new("ring buffer record past its end", BpfFaultKind.OutOfBounds, 6, m => Code(a => a.LoadMapFd(R1, m.Ring).Mov(R2, 8).Mov(R3, 0).Call(131).Load(BpfSize.DoubleWord, R1, R0, 4))),
        new("packet pointer after the packet changed", BpfFaultKind.UseAfterRelease, 5, _ => Code(a => a.Mov(R6, R1).Load(BpfSize.Word, R7, R1, 0).Mov(R2, -8).Call(65).Load(BpfSize.Byte, R0, R7, 0)), BpfProgramType.Xdp),
        new("stack never written, strict", BpfFaultKind.UninitializedStack, 1, _ => Code(a => a.Load(BpfSize.DoubleWord, R0, R10, -8)), Strict: true),
        new("key never written, strict", BpfFaultKind.UninitializedStack, 5, m => Code(a => a.LoadMapFd(R1, m.Array).Mov(R2, R10).Add(R2, -4).Call(1)), Strict: true),
        new("register never written, strict", BpfFaultKind.UninitializedRegister, 1, _ => Code(a => a.Mov(R0, R6)), Strict: true),
        new("register after a call, strict", BpfFaultKind.UninitializedRegister, 2, _ => Code(a => a.Call(5).Mov(R0, R3)), Strict: true),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_program_ends_with_its_fault_at_its_line(string name)
    {
        Case wrong = Cases.Single(c => c.Name == name);
        using var machine = new TestMachine();
        machine.Kernel.InstructionBudget = 100_000;
        machine.Kernel.Diagnosis = wrong.Strict ? new EmulatorDiagnosis { Strict = true } : null;
        var maps = new Maps(
            machine.CreateMap(BpfMapType.Array, 4, 16, 1),
            machine.CreateMap(BpfMapType.Hash, 4, 16, 8),
            machine.CreateMap(BpfMapType.Array, 4, 16, 1, flags: 128),
            machine.CreateMap(BpfMapType.ProgArray, 4, 4, 2),
            machine.CreateMap(BpfMapType.RingBuf, 0, 0, 4096));
        int fd = machine.Load(wrong.Build(maps), wrong.Type);
        int raised = 0;
        machine.Kernel.Faulted += (_, _) => raised++;
        BpfProgramFault? fault;
        if (wrong.Type == BpfProgramType.Kprobe)
        {
            fault = machine.Kernel.Run(fd, new byte[168].AsSpan()).Fault;
        }
        else
        {
            Assert.Equal(-(int)BpfErrno.EFAULT, machine.TestRun(fd, out uint _));
            fault = machine.Kernel.LastFault;
        }

        Assert.NotNull(fault);
        Assert.True(wrong.Kind == fault.Kind, fault.ToString());
        Assert.Equal(1, raised);
        Assert.Equal("prog.c", fault.File);
        Assert.True(wrong.Line == fault.Line, fault.ToString());
        Assert.Equal($"line {wrong.Line};", fault.SourceText);
        Assert.NotEmpty(fault.Instruction);
        Assert.Contains(fault.Message, fault.ToString(), StringComparison.Ordinal);

        // The kernel goes on as if nothing had been.
        machine.Kernel.Diagnosis = null;
        Assert.Equal(7u, machine.Run(Code(a => a.Mov(R0, 7))));
    }

    [Fact]
    public void There_are_at_least_forty() => Assert.True(Cases.Count >= 40 && Cases.Select(c => c.Kind).Distinct().Count() >= 15, $"{Cases.Count}");

    internal static BpfInstruction[] Code(Func<BpfAssembler, BpfAssembler> build, bool exit = true)
    {
        BpfAssembler code = build(new BpfAssembler());
        return (exit ? code.Exit() : code).Build();
    }

    // Key 0 at r10-4, result in r0; seven instruction slots.
    private static BpfAssembler LookUp(BpfAssembler a, int map) =>
        a.Store(BpfSize.Word, R10, -4, 0).Mov(R2, R10).Add(R2, -4).LoadMapFd(R1, map).Call(1).Mov(R6, R0);

    // Key 0 with a value of zeros at r10-24; eleven instruction slots.
    private static BpfAssembler Insert(BpfAssembler a, int map) =>
        a.Store(BpfSize.Word, R10, -4, 0).Store(BpfSize.DoubleWord, R10, -24, 0).Store(BpfSize.DoubleWord, R10, -16, 0).Mov(R2, R10).Add(R2, -4)
            .Mov(R3, R10).Add(R3, -24).Mov(R4, 0).LoadMapFd(R1, map).Call(2);

    // bpf_loop(1, f, 0, 0), and f does the same.
    private static BpfAssembler Recurse(BpfAssembler a) => a
        .CallLocal("f").Exit()
        .Label("f").Mov(R1, 1).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(181).Mov(R0, 0).Exit();
}
