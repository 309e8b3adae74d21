using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Instructions;

namespace LibbpfSharp.Tests.Conformance.Instructions;

/// <summary>The repository's instruction table through BPF_PROG_TEST_RUN on both kernels: the emulator's answers are Linux's.</summary>
public sealed unsafe class InstructionCasesTests
{
    [Theory]
    [MemberData(nameof(TestKernels.Both), MemberType = typeof(TestKernels))]
    public void Every_case_gives_its_result(string name)
    {
        IBpfKernel kernel = TestKernels.Get(name);
        int step = TestSettings.Count("LIBBPFSHARP_INSTRUCTION_STEP", 17, 1);
        int count = 0;
        var failures = new List<string>();
        int index = 0;
        foreach (InstructionCase test in InstructionCases.All())
        {
            if (index++ % step != 0)
                continue;
            count++;
            int fd = Load(kernel, test);
            if (fd < 0)
            {
                failures.Add($"{test.Name}: refused with {(BpfErrno)(-fd)}");
                continue;
            }

            int error = Run(kernel, fd, out uint result);
            kernel.Close(fd);
            if (error != 0 || result != test.Folded)
                failures.Add($"{test.Name}: {(error != 0 ? ((BpfErrno)(-error)).ToString() : $"0x{result:x}")} instead of 0x{test.Folded:x}");
        }

        (kernel as IDisposable)?.Dispose();
        Summary.Write($"instruction cases on {name}: {count - failures.Count} of {count}");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(30)));
        Assert.True(count > 1_000, $"{count}");
    }

    private static int Load(IBpfKernel kernel, InstructionCase test)
    {
        Formats.Instructions.BpfInstruction[] code = test.Folding;
        fixed (Formats.Instructions.BpfInstruction* instructions = code)
        fixed (byte* license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)BpfProgramType.SocketFilter;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = (uint)code.Length;
            attr.prog_load.license = (ulong)license;
            return kernel.Bpf(BpfCommand.ProgLoad, ref attr, 144);
        }
    }

    private static int Run(IBpfKernel kernel, int fd, out uint result)
    {
        byte* packet = stackalloc byte[64];
        new Span<byte>(packet, 64).Clear();
        BpfAttr attr = default;
        attr.test.prog_fd = (uint)fd;
        attr.test.data_in = (ulong)packet;
        attr.test.data_size_in = 64;
        int error = kernel.Bpf(BpfCommand.ProgTestRun, ref attr, 80);
        result = attr.test.retval;
        return error;
    }
}
