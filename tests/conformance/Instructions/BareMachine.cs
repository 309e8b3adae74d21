using System.Runtime.InteropServices;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Instructions;

/// <summary>Runs instructions alone: r1 is the address of some memory, r2 its length, helper 5 gives back its argument.</summary>
internal sealed unsafe class BareMachine : IDisposable
{
    private readonly EmulatedKernel _kernel = new() { AcceptsOutOfRangeShifts = true };

    public BareMachine() => _kernel.RegisterHelper(5, "bpf_conformance_unwind", static call => (long)call.Argument(0));

    /// <summary>Loads and runs a program.</summary>
    /// <returns>Null, or what went wrong.</returns>
    public string? Run(byte[] program, byte[] memory, out ulong result)
    {
        result = 0;
        byte[] log = new byte[4096];
        int fd;
        fixed (byte* code = program, logBuffer = log, license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)BpfProgramType.SocketFilter;
            attr.prog_load.insns = (ulong)code;
            attr.prog_load.insn_cnt = (uint)(program.Length / BpfInstruction.SizeInBytes);
            attr.prog_load.license = (ulong)license;
            attr.prog_load.log_level = 1;
            attr.prog_load.log_buf = (ulong)logBuffer;
            attr.prog_load.log_size = (uint)log.Length;
            fd = _kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
        }

        if (fd < 0)
            return $"load refused with {(BpfErrno)(-fd)}: {System.Text.Encoding.UTF8.GetString(log).TrimEnd('\0')}";
        byte* copy = memory.Length == 0 ? null : (byte*)NativeMemory.Alloc((nuint)memory.Length);
        try
        {
            memory.CopyTo(new Span<byte>(copy, memory.Length));
            _kernel.Find((uint)fd, out EmulatedProgram? loaded);
            RunContext run = _kernel.Runner.Rent();
            try
            {
                result = run.ExecuteRaw(loaded!, copy, (uint)memory.Length);
                return null;
            }
            catch (BpfFaultException e)
            {
                return e.Fault!.ToString();
            }
            finally
            {
                _kernel.Runner.Return(run);
            }
        }
        finally
        {
            NativeMemory.Free(copy);
            _kernel.Close(fd);
        }
    }

    public void Dispose() => _kernel.Dispose();
}
