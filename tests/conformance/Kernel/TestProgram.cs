using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Kernel;

/// <summary>Programs assembled by a test, loaded and run through the seam.</summary>
internal static unsafe class TestProgram
{
    /// <summary>Loads a program; the result is its descriptor or -errno.</summary>
    /// <param name="kernel">Kernel.</param>
    /// <param name="type">Program type.</param>
    /// <param name="program">Instructions.</param>
    /// <param name="functions">Slot and BTF function id of each function, the program itself first; empty without BTF.</param>
    /// <param name="btfFd">BTF that holds these ids.</param>
    /// <param name="log">The verifier's log, if one is wanted.</param>
    /// <param name="flags">BPF_F_* of BPF_PROG_LOAD.</param>
    public static int Load(
        IBpfKernel kernel,
        BpfProgramType type,
        ReadOnlySpan<BpfInstruction> program,
        ReadOnlySpan<(uint Slot, uint FunctionId)> functions = default,
        int btfFd = 0,
        byte[]? log = null,
        uint flags = 0)
    {
        Span<byte> license = stackalloc byte[4];
        "GPL\0"u8.CopyTo(license);
        fixed (BpfInstruction* instructions = program)
        fixed ((uint, uint)* functionInfo = functions)
        fixed (byte* licenseText = license)
        fixed (byte* logBuffer = log)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)type;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = (uint)program.Length;
            attr.prog_load.license = (ulong)licenseText;
            attr.prog_load.prog_flags = flags;
            if (functions.Length > 0)
            {
                attr.prog_load.prog_btf_fd = (uint)btfFd;
                attr.prog_load.func_info = (ulong)functionInfo;
                attr.prog_load.func_info_cnt = (uint)functions.Length;
                attr.prog_load.func_info_rec_size = 8;
            }

            if (log is not null)
            {
                attr.prog_load.log_buf = (ulong)logBuffer;
                attr.prog_load.log_size = (uint)log.Length;
                attr.prog_load.log_level = 1;
            }

            return kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
        }
    }

    /// <summary>Runs a program once over a packet; the result is 0 or -errno.</summary>
    public static int Run(IBpfKernel kernel, int fd, ReadOnlySpan<byte> packet, Span<byte> packetOut, out uint value, out int packetOutLength)
    {
        fixed (byte* dataIn = packet)
        fixed (byte* dataOut = packetOut)
        {
            BpfAttr attr = default;
            attr.test.prog_fd = (uint)fd;
            attr.test.data_in = (ulong)dataIn;
            attr.test.data_size_in = (uint)packet.Length;
            attr.test.data_out = (ulong)dataOut;
            attr.test.data_size_out = (uint)packetOut.Length;
            int result = kernel.Bpf(BpfCommand.ProgTestRun, ref attr, 80);
            value = attr.test.retval;
            packetOutLength = (int)attr.test.data_size_out;
            return result;
        }
    }

    /// <summary>Loads BTF; the result is a descriptor or -errno.</summary>
    public static int LoadBtf(IBpfKernel kernel, byte[] btf)
    {
        fixed (byte* bytes = btf)
        {
            BpfAttr attr = default;
            attr.btf_load.btf = (ulong)bytes;
            attr.btf_load.btf_size = (uint)btf.Length;
            return kernel.Bpf(BpfCommand.BtfLoad, ref attr, 40);
        }
    }

    /// <summary>Id of a kernel function in the kernel's own BTF.</summary>
    public static int FindKernelFunction(IBpfKernel kernel, string name)
    {
        int result = kernel.Facts.ReadBtf(null, out KernelBlob? blob);
        if (result < 0)
            throw new InvalidOperationException($"{kernel.Name} has no BTF ({BpfErrnoText.Name((BpfErrno)(-result))}).");
        using (blob)
        {
            BtfData btf = BtfData.Parse(blob!.Memory);
            return btf.TryFindByName(name, BtfKind.Func, out uint id) ? (int)id : throw new InvalidOperationException($"{kernel.Name} has no function {name} in its BTF.");
        }
    }
}
