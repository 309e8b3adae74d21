using System.Globalization;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Conformance.Opcodes;

/// <summary>Every instruction over corner cases of its operands, on each kernel, against its meaning in <see cref="OpcodeTable"/>.</summary>
public sealed unsafe class OpcodeTests
{
    private static readonly ulong[] s_all =
    [
        0, 1, 2, 7, 31, 32, 63, 64, 77, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x123456789abcdef0,
        0x7fffffffffffffff, 0x8000000000000000, 0xffffffff00000000, 0xffffffffffffff80, ulong.MaxValue,
    ];

    // All pairs in CI; two thirds of the operands otherwise.
    private static readonly ulong[] s_operands = TestSettings.Ci ? s_all : [.. s_all.Where((_, i) => i % 3 != 1)];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string kernel in (string[])[TestKernels.Linux, TestKernels.Emulator])
        {
            foreach (string name in OpcodeTable.Cases.Keys)
                cases.Add(kernel, name);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Opcode(string kernel, string name)
    {
        OpcodeCase opcode = OpcodeTable.Cases[name];
        using TestMachine machine = TestMachine.Create(kernel);
        int pairs = s_operands.Length * s_operands.Length;
        int operands = Create(machine.Kernel, pairs * 24);
        try
        {
            ulong[] values = new ulong[pairs * 3];
            for (int i = 0; i < pairs; i++)
            {
                values[i * 3] = s_operands[i / s_operands.Length];
                values[(i * 3) + 1] = s_operands[i % s_operands.Length];
            }

            Element(machine.Kernel, BpfCommand.MapUpdateElem, operands, values);
            Run(machine.Kernel, operands, pairs, opcode);
            Element(machine.Kernel, BpfCommand.MapLookupElem, operands, values);
            for (int i = 0; i < pairs; i++)
            {
                ulong a = values[i * 3];
                ulong b = values[(i * 3) + 1];
                Assert.True(
                    opcode.Expected(a, b) == values[(i * 3) + 2],
                    string.Create(CultureInfo.InvariantCulture, $"{name} on {kernel} with 0x{a:x} and 0x{b:x}: 0x{values[(i * 3) + 2]:x}, expected 0x{opcode.Expected(a, b):x}"));
            }
        }
        finally
        {
            machine.Kernel.Close(operands);
        }
    }

    // The operands come out of a map, so that the verifier knows none of them; a loop over all pairs.
    private static void Run(IBpfKernel kernel, int operands, int pairs, OpcodeCase opcode)
    {
        var program = new BpfAssembler();
        program.Mov(R9, 0).Label("next")
            .LoadMapValue(R8, operands, 0).Mov(R1, R9).Jge(R1, pairs, "done").Mul(R1, 24).Add(R8, R1)
            .Load(BpfSize.DoubleWord, R6, R8, 0).Load(BpfSize.DoubleWord, R7, R8, 8);
        opcode.Emit(program);
        program.Store(BpfSize.DoubleWord, R8, 16, R6).Add(R9, 1).Jlt(R9, pairs, "next").Label("done").Mov(R0, 0).Exit();
        if (opcode.Name == "call local")
            program.Label("add").Mov(R0, R1).Add(R0, R2).Exit();
        BpfInstruction[] instructions = program.Build();
        int fd = TestProgram.Load(kernel, BpfProgramType.SchedCls, instructions);
        if (fd < 0)
        {
            byte[] log = new byte[1 << 20];
            TestProgram.Load(kernel, BpfProgramType.SchedCls, instructions, log: log);
            Assert.Fail($"{opcode.Name} is refused with {BpfErrnoText.Name((BpfErrno)(-fd))}: {System.Text.Encoding.UTF8.GetString(log).TrimEnd('\0').Split('\n').TakeLast(5).Aggregate((x, y) => x + "\n" + y)}");
        }

        try
        {
            Assert.Equal(0, TestProgram.Run(kernel, fd, new byte[64], default, out _, out _));
        }
        finally
        {
            kernel.Close(fd);
        }
    }

    private static int Create(IBpfKernel kernel, int size)
    {
        BpfAttr attr = default;
        attr.map_create.map_type = (uint)BpfMapType.Array;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = (uint)size;
        attr.map_create.max_entries = 1;
        int fd = kernel.Bpf(BpfCommand.MapCreate, ref attr, 120);
        Assert.True(fd >= 0, $"errno {-fd}");
        return fd;
    }

    private static void Element(IBpfKernel kernel, BpfCommand command, int fd, ulong[] values)
    {
        uint key = 0;
        fixed (ulong* value = values)
        {
            BpfAttr attr = default;
            attr.map_elem.map_fd = (uint)fd;
            attr.map_elem.key = (ulong)&key;
            attr.map_elem.value = (ulong)value;
            Assert.Equal(0, kernel.Bpf(command, ref attr, 120));
        }
    }
}
