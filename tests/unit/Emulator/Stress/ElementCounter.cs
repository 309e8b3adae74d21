using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Emulator.Stress;

/// <summary>A map's own count of its elements, as bpf_map_sum_elem_count tells it to a program.</summary>
internal static unsafe class ElementCounter
{
    public static int Count(EmulatedKernel kernel, int mapFd)
    {
        Assert.Equal(0, kernel.Facts.ReadBtf(null, out KernelBlob? blob));
        using (blob)
        {
            Assert.True(BtfData.Parse(blob!.Memory).TryFindByName("bpf_map_sum_elem_count", BtfKind.Func, out uint function));
            BpfInstruction[] program = new BpfAssembler().LoadMapFd(BpfRegister.R1, mapFd).CallKfunc((int)function).Exit().Build();
            int fd = Load(kernel, program);
            Assert.True(fd >= 0, BpfErrnoText.Name((BpfErrno)(-fd)));
            try
            {
                return Run(kernel, fd);
            }
            finally
            {
                kernel.Close(fd);
            }
        }
    }

    private static int Load(EmulatedKernel kernel, BpfInstruction[] program)
    {
        fixed (BpfInstruction* instructions = program)
        fixed (byte* license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)BpfProgramType.SchedCls;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = (uint)program.Length;
            attr.prog_load.license = (ulong)license;
            return kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
        }
    }

    private static int Run(EmulatedKernel kernel, int fd)
    {
        fixed (byte* packet = new byte[64])
        {
            BpfAttr attr = default;
            attr.test.prog_fd = (uint)fd;
            attr.test.data_in = (ulong)packet;
            attr.test.data_size_in = 64;
            Assert.Equal(0, kernel.Bpf(BpfCommand.ProgTestRun, ref attr, BpfAttr.ByteSize));
            return (int)attr.test.retval;
        }
    }
}
