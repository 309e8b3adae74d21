using System.Runtime.InteropServices;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Tests;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>
/// Random bytes, random instructions and mutated programs: each is refused, ends well or ends with a fault. The process lives,
/// the kernel goes on working, nothing hangs, and no fault is the emulator's own.
/// </summary>
public sealed class FuzzTests
{
    private static readonly BpfProgramType[] s_types =
        [BpfProgramType.SocketFilter, BpfProgramType.SchedCls, BpfProgramType.Xdp, BpfProgramType.CgroupSkb, BpfProgramType.Syscall, BpfProgramType.RawTracepoint];

    // All helpers by number, and those that every type here may call, which are tried more often.
    private static readonly int[] s_helpers = [.. HelperTable.BuiltIn.All.Select(h => h.Id)];
    private static readonly int[] s_common = [.. HelperTable.BuiltIn.All.Where(h => Array.TrueForAll(s_types, t => h.ProgramTypes.Contains(t)) && h.Permit is null).Select(h => h.Id)];

    [Fact]
    public void Nothing_that_is_offered_does_harm()
    {
        int count = TestSettings.Count("LIBBPFSHARP_FUZZ_PROGRAMS", 4_000, 50_000);
        ulong seed = (ulong)TestSettings.Count("LIBBPFSHARP_FUZZ_SEED", 20_261, 20_261);
        var random = new Random((int)seed);
        int refused = 0, ended = 0, faulted = 0, accessed = 0;
        var kinds = new SortedDictionary<BpfFaultKind, int>();
        TestMachine machine = NewMachine(out int[] maps);
        try
        {
            IReadOnlyList<BpfInstruction[]> seeds = Seeds(maps);
            for (int i = 0; i < count; i++)
            {
                if (i % 2_000 == 1_999)
                {
                    // Maps fill up and descriptors are counted: a new machine now and then.
                    Assert.Equal(maps.Length, machine.Kernel.OpenDescriptors);
                    machine.Dispose();
                    machine = NewMachine(out maps);
                    seeds = Seeds(maps);
                }

                BpfInstruction[] code = (i % 10) switch
                {
                    < 1 => RandomBytes(random),
                    < 5 => RandomInstructions(random, maps),
                    _ => Mutate(random, seeds[random.Next(seeds.Count)], maps),
                };
                BpfProgramType type = s_types[random.Next(s_types.Length)];
                int fd = machine.TryLoad(code, type, withLines: Array.Exists(code, c => c.IsPseudoFunc), flags: type == BpfProgramType.Syscall ? 16u : 0, logLevel: 0);
                if (fd < 0)
                {
                    refused++;
                    continue;
                }

                // Once step by step, to see whether memory is accessed, and once as programs run otherwise.
                bool touched = false;
                machine.Kernel.Diagnosis = new EmulatorDiagnosis
                {
                    Trace = step => touched |= step.Instruction.Class is BpfOpcode.Ldx or BpfOpcode.St or BpfOpcode.Stx,
                };
                Run(machine, fd, type);
                machine.Kernel.Diagnosis = null;
                int error = Run(machine, fd, type);
                machine.Kernel.Close(fd);
                accessed += touched ? 1 : 0;
                if (error == 0)
                {
                    ended++;
                    continue;
                }

                Assert.Equal(-(int)BpfErrno.EFAULT, error);
                faulted++;
                BpfProgramFault fault = machine.Kernel.LastFault!;
                Assert.True(fault.Kind is not (BpfFaultKind.Internal or BpfFaultKind.None or BpfFaultKind.InvalidInstruction), $"program {i}: {fault}");
                kinds[fault.Kind] = kinds.GetValueOrDefault(fault.Kind) + 1;
            }

            Assert.Equal(7u, machine.Run(WrongProgramTests.Code(a => a.Mov(R0, 7))));
        }
        finally
        {
            machine.Dispose();
        }

        Summary.Write(
            $"fuzz: {count} programs (seed {seed}), {refused} refused, {ended} ended well, {faulted} faulted ({string.Join(", ", kinds.Select(k => $"{k.Key} {k.Value}"))}), {accessed} loaded and accessed memory");
        Assert.True(accessed >= count * 3 / 10, $"only {accessed} of {count} loaded and accessed memory");
        Assert.True(kinds.Count >= 5, "too few kinds of faults to have tested much");
    }

    private static TestMachine NewMachine(out int[] maps)
    {
        var machine = new TestMachine();
        machine.Kernel.InstructionBudget = 20_000;
        maps =
        [
            machine.CreateMap(BpfMapType.Array, 4, 16, 4),
            machine.CreateMap(BpfMapType.Hash, 4, 16, 8),
            machine.CreateMap(BpfMapType.PerCpuHash, 8, 8, 8),
            machine.CreateMap(BpfMapType.LruHash, 4, 8, 8),
            machine.CreateMap(BpfMapType.ProgArray, 4, 4, 2),
            machine.CreateMap(BpfMapType.Queue, 0, 8, 4),
            machine.CreateMap(BpfMapType.RingBuf, 0, 0, 4096),
        ];
        return machine;
    }

    private static unsafe int Run(TestMachine machine, int fd, BpfProgramType type)
    {
        if (type is BpfProgramType.SocketFilter or BpfProgramType.SchedCls or BpfProgramType.Xdp or BpfProgramType.CgroupSkb)
            return machine.TestRun(fd, out uint _);
        byte* context = stackalloc byte[96];
        LibbpfSharp.Interop.BpfAttr attr = default;
        attr.test.prog_fd = (uint)fd;
        attr.test.ctx_in = (ulong)context;
        attr.test.ctx_size_in = 96;
        int error = machine.Kernel.Bpf(LibbpfSharp.Interop.BpfCommand.ProgTestRun, ref attr, LibbpfSharp.Interop.BpfAttr.ByteSize);
        return error == -(int)BpfErrno.EINVAL ? 0 : error; // reads more context than there is
    }

    private static BpfInstruction[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 12) * 8];
        random.NextBytes(bytes);
        return MemoryMarshal.Cast<byte, BpfInstruction>(bytes).ToArray();
    }

    // Instructions that exist, with registers and offsets that are often right and sometimes not.
    private static BpfInstruction[] RandomInstructions(Random random, int[] maps)
    {
        var code = new List<BpfInstruction>();
        code.AddRange(new BpfAssembler().Mov(R6, R1).Store(BpfSize.DoubleWord, R10, -8, random.Next(8)).Mov(R7, R10).Add(R7, -random.Next(600)).Build());
        int length = random.Next(2, 30);
        for (int i = 0; i < length; i++)
            code.AddRange(RandomInstruction(random, maps, length - i));
        code.AddRange(new BpfAssembler().Mov(R0, 0).Exit().Build());
        return [.. code];
    }

    private static BpfInstruction[] RandomInstruction(Random random, int[] maps, int left)
    {
        byte dst = (byte)random.Next(10);
        byte src = (byte)random.Next(11);
        short offset = (short)(random.Next(4) switch { 0 => 0, 1 => random.Next(-64, 64), 2 => -8 * random.Next(1, 64), _ => random.Next(short.MinValue, short.MaxValue) });
        int immediate = random.Next(4) switch { 0 => random.Next(-16, 16), 1 => random.Next(), 2 => -random.Next(600), _ => 1 << random.Next(31) };
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                byte[] operations = [0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0];
                bool wide = random.Next(3) > 0;
                bool x = random.Next(2) == 0;
                byte operation = operations[random.Next(operations.Length)];
                if (!x && operation is 0x30 or 0x90)
                    immediate |= 1;
                if (!x && operation is 0x60 or 0x70 or 0xc0)
                    immediate &= wide ? 63 : 31;
                return [new BpfInstruction((byte)((wide ? 7 : 4) | operation | (x ? 8 : 0)), dst, x ? src : (byte)0, 0, x ? 0 : immediate)];
            case 3 or 4:
                byte[] sizes = [0x00, 0x08, 0x10, 0x18];
                return [new BpfInstruction((byte)(0x61 | sizes[random.Next(4)]), dst, src, src == 10 ? StackOffset(random) : offset, 0)];
            case 5:
                byte[] storeSizes = [0x00, 0x08, 0x10, 0x18];
                byte target = (byte)random.Next(11);
                short at = target == 10 ? StackOffset(random) : offset;
                return random.Next(2) == 0
                    ? [new BpfInstruction((byte)(0x63 | storeSizes[random.Next(4)]), target, dst, at, 0)]
                    : [new BpfInstruction((byte)(0x62 | storeSizes[random.Next(4)]), target, (byte)0, at, immediate)];
            case 6:
                int[] atomics = [0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1];
                return [new BpfInstruction((byte)(random.Next(2) == 0 ? 0xc3 : 0xdb), (byte)(random.Next(2) == 0 ? 10 : 7), dst, (short)(-8 * random.Next(1, 64)), atomics[random.Next(atomics.Length)])];
            case 7 or 8:
                byte[] conditions = [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0];
                bool register = random.Next(2) == 0;
                short distance = (short)(random.Next(8) == 0 ? -random.Next(1, 4) : random.Next(0, Math.Max(left / 2, 1)));
                return [new BpfInstruction((byte)((random.Next(2) == 0 ? 5 : 6) | conditions[random.Next(conditions.Length)] | (register ? 8 : 0)), dst, register ? src : (byte)0, distance, register ? 0 : immediate)];
            case 9:
                return [new BpfInstruction(0x85, (byte)0, (byte)0, 0, random.Next(12) == 0 ? s_helpers[random.Next(s_helpers.Length)] : s_common[random.Next(s_common.Length)])];
            case 10:
                int map = maps[random.Next(maps.Length)];
                return new BpfAssembler().LoadMapFd((BpfRegister)random.Next(1, 4), map).Mov(R2, R10).Add(R2, -8 * random.Next(1, 10)).Mov(R3, R10).Add(R3, -64).Mov(R4, 0).Build();
            default:
                return new BpfAssembler().LoadImm64((BpfRegister)dst, (ulong)random.NextInt64() | ((ulong)random.Next(2) << 63)).Build();
        }
    }

    private static short StackOffset(Random random) => (short)(random.Next(40) == 0 ? random.Next(-520, 8) : -8 * random.Next(1, 64));

    // Programs that are right, to be made a little wrong.
    private static List<BpfInstruction[]> Seeds(int[] maps) =>
    [
        WrongProgramTests.Code(a => a.Store(BpfSize.Word, R10, -4, 1).Mov(R2, R10).Add(R2, -4).LoadMapFd(R1, maps[0]).Call(1).Jeq(R0, 0, "out").Load(BpfSize.DoubleWord, R1, R0, 8).Add(R1, 1).Store(BpfSize.DoubleWord, R0, 8, R1).Label("out").Mov(R0, 0)),
        WrongProgramTests.Code(a => a.Store(BpfSize.Word, R10, -4, 1).Store(BpfSize.DoubleWord, R10, -16, 5).Store(BpfSize.DoubleWord, R10, -24, 6).Mov(R2, R10).Add(R2, -4).Mov(R3, R10).Add(R3, -24).Mov(R4, 0).LoadMapFd(R1, maps[1]).Call(2)
            .Mov(R2, R10).Add(R2, -4).LoadMapFd(R1, maps[1]).Call(3).Mov(R0, 0)),
        WrongProgramTests.Code(a => a.LoadMapValue(R1, maps[0], 4).Mov(R2, 3).Atomic(BpfAtomicOperation.FetchAdd, BpfSize.Word, R1, 0, R2).Load(BpfSize.Word, R0, R1, 0)),
        WrongProgramTests.Code(a => a.Load(BpfSize.Word, R2, R1, 0).Load(BpfSize.Word, R3, R1, 4).Mov(R4, R2).Add(R4, 14).Jgt(R4, R3, "out").Load(BpfSize.Half, R0, R2, 12).Label("out").Mov(R0, 2)),
        WrongProgramTests.Code(a => a.Load(BpfSize.Word, R2, R1, 76).Load(BpfSize.Word, R3, R1, 80).Mov(R4, R2).Add(R4, 20).Jgt(R4, R3, "out").Load(BpfSize.Word, R5, R2, 4).Store(BpfSize.Word, R1, 48, R5).Label("out").Mov(R0, 0)),
        WrongProgramTests.Code(a => a.Mov(R6, 10).Store(BpfSize.DoubleWord, R10, -8, 0).Label("l").Load(BpfSize.DoubleWord, R1, R10, -8).Add(R1, R6).Store(BpfSize.DoubleWord, R10, -8, R1).Add(R6, -1).Jne(R6, 0, "l").Load(BpfSize.DoubleWord, R0, R10, -8)),
        WrongProgramTests.Code(
            a => a.Store(BpfSize.DoubleWord, R10, -8, 0).Mov(R1, 5).LoadFunction(R2, "cb").Mov(R3, R10).Add(R3, -8).Mov(R4, 0).Call(181).Load(BpfSize.DoubleWord, R0, R10, -8).Exit()
                .Label("cb").Load(BpfSize.DoubleWord, R3, R2, 0).Add(R3, R1).Store(BpfSize.DoubleWord, R2, 0, R3).Mov(R0, 0).Exit(), exit: false),
        WrongProgramTests.Code(
            a => a.LoadMapFd(R1, maps[0]).LoadFunction(R2, "cb").Mov(R3, R10).Add(R3, -8).Store(BpfSize.DoubleWord, R10, -8, 0).Mov(R4, 0).Call(164).Exit()
                .Label("cb").Load(BpfSize.Word, R5, R2, 0).Load(BpfSize.DoubleWord, R6, R3, 0).Add(R6, R5).Store(BpfSize.DoubleWord, R3, 0, R6).Mov(R0, 0).Exit(), exit: false),
        WrongProgramTests.Code(a => a.Mov(R6, R1).LoadMapFd(R2, maps[4]).Mov(R3, 0).Call(12).Store(BpfSize.DoubleWord, R10, -8, 1).Load(BpfSize.Byte, R0, R10, -8)),
        WrongProgramTests.Code(a => a.Mov(R6, 3).Mov(R1, R10).Add(R1, -16).Store(BpfSize.DoubleWord, R1, 0, 4).Store(BpfSize.DoubleWord, R1, 8, 4).CallLocal("f").Exit()
            .Label("f").Load(BpfSize.DoubleWord, R0, R1, 0).Load(BpfSize.DoubleWord, R2, R1, 8).Add(R0, R2)),
    ];

    private static BpfInstruction[] Mutate(Random random, BpfInstruction[] seed, int[] maps)
    {
        var code = new List<BpfInstruction>(seed);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(code.Count);
            BpfInstruction i = code[at];
            switch (random.Next(6))
            {
                case 0:
                    code[at] = i.WithOffset((short)(i.Offset + random.Next(-16, 17)));
                    break;
                case 1:
                    code[at] = i.WithImmediate(i.Immediate + random.Next(-64, 65));
                    break;
                case 2:
                    code[at] = i.WithRegisters((byte)random.Next(11), i.Src);
                    break;
                case 3:
                    code[at] = i.WithRegisters(i.Dst, (byte)random.Next(11));
                    break;
                case 4:
                    byte[] raw = MemoryMarshal.AsBytes<BpfInstruction>(new[] { i }).ToArray();
                    raw[random.Next(8)] ^= (byte)(1 << random.Next(8));
                    code[at] = MemoryMarshal.Read<BpfInstruction>(raw);
                    break;
                default:
                    code[at] = RandomInstruction(random, maps, code.Count - at)[0];
                    break;
            }
        }

        return [.. code];
    }
}
