using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

public sealed unsafe partial class BpfProgram
{
    /// <summary>What the kernel tells of the program.</summary>
    /// <returns>The kernel's answer of this moment.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BpfProgramInfo GetInfo()
    {
        bpf_prog_info info = Ask(default);
        return new BpfProgramInfo(
            (BpfProgramType)info.type,
            info.id,
            info.name.ToString(),
            info.tag,
            info.jited_prog_len,
            info.xlated_prog_len,
            (info.gpl_compatible & 1) != 0,
            info.nr_map_ids,
            info.btf_id,
            TimeSpan.FromTicks((long)(info.run_time_ns / 100)),
            info.run_cnt,
            info.recursion_misses,
            info.verified_insns)
        {
            LoadedAt = TimeSpan.FromTicks((long)(info.load_time / 100)),
            UserId = info.created_by_uid,
            FunctionCount = info.nr_func_info,
            LineCount = info.nr_line_info,
            AttachBtfObjectId = info.attach_btf_obj_id,
            AttachBtfId = info.attach_btf_id,
        };
    }

    /// <summary>Numbers of the maps that the program uses.</summary>
    /// <returns>The numbers, in the order of first use.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public IReadOnlyList<uint> ReadMapIds()
    {
        uint[] ids = new uint[Ask(default).nr_map_ids];
        fixed (uint* pointer = ids)
        {
            bpf_prog_info info = Ask(new bpf_prog_info { nr_map_ids = (uint)ids.Length, map_ids = (ulong)pointer });
            return ids.AsSpan(0, (int)Math.Min((uint)ids.Length, info.nr_map_ids)).ToArray();
        }
    }

    /// <summary>
    /// The instructions as the verifier left them: helper calls as offsets, accesses of contexts rewritten.
    /// </summary>
    /// <returns>The instructions; at least one.</returns>
    /// <exception cref="BpfException">
    /// The kernel refused; EPERM: it hides them from this process, which lacks CAP_BPF, or CAP_SYSLOG where it blinds constants.
    /// </exception>
    public IReadOnlyList<BpfInstruction> ReadXlatedInstructions()
    {
        byte[] bytes = ReadCode("reading its translated instructions", info => info.xlated_prog_len, (ref bpf_prog_info info, ulong buffer, uint size) => (info.xlated_prog_insns, info.xlated_prog_len) = (buffer, size), info => info.xlated_prog_insns);
        if (bytes.Length == 0)
            throw Hidden("reading its translated instructions"); // No program is without: a process without CAP_BPF is told 0.
        return MemoryMarshal.Cast<byte, BpfInstruction>(bytes).ToArray();
    }

    /// <summary>
    /// The machine code, of <see cref="BpfProgramInfo.JitedSize"/> bytes. The kernel shows its addresses, so also the code, to
    /// processes with CAP_BPF and CAP_SYSLOG (<c>kallsyms_show_value</c>).
    /// </summary>
    /// <returns>The bytes of the program and its subprograms; empty if it is interpreted, as every one is on the emulator.</returns>
    /// <exception cref="BpfException">The kernel refused; EPERM: it has machine code and hides it from this process.</exception>
    public byte[] ReadJitedCode() =>
        ReadCode("reading its machine code", info => info.jited_prog_len, (ref bpf_prog_info info, ulong buffer, uint size) => (info.jited_prog_insns, info.jited_prog_len) = (buffer, size), info => info.jited_prog_insns);

    /// <summary>The instructions of <see cref="ReadXlatedInstructions"/> as text, as the verifier writes them.</summary>
    /// <returns>A line per instruction, such as <c>   1: (95) exit</c>.</returns>
    /// <exception cref="BpfException">As for <see cref="ReadXlatedInstructions"/>.</exception>
    public string Disassemble() => BpfDisassembler.Disassemble([.. ReadXlatedInstructions()]);

    internal static bpf_prog_info Query(IBpfKernel kernel, int fd, string subject) => Query(kernel, fd, default, subject);

    private static bpf_prog_info Query(IBpfKernel kernel, int fd, bpf_prog_info info, string subject)
    {
        BpfAttr attr = default;
        attr.info.bpf_fd = (uint)fd;
        attr.info.info_len = (uint)sizeof(bpf_prog_info);
        attr.info.info = (ulong)&info;
        KernelErrors.Check(kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, BpfAttr.ByteSize), kernel, "BPF_OBJ_GET_INFO_BY_FD", subject);
        return info;
    }

    private bpf_prog_info Ask(bpf_prog_info info)
    {
        int fd = _handle.Enter();
        try
        {
            return Query(Kernel, fd, info, Subject);
        }
        finally
        {
            _handle.Exit();
        }
    }

    private byte[] ReadCode(string operation, Func<bpf_prog_info, uint> length, BufferSetter set, Func<bpf_prog_info, ulong> shown)
    {
        byte[] bytes = new byte[length(Ask(default))];
        if (bytes.Length == 0)
            return bytes;
        fixed (byte* pointer = bytes)
        {
            bpf_prog_info asked = default;
            set(ref asked, (ulong)pointer, (uint)bytes.Length);
            bpf_prog_info info = Ask(asked);

            // Without the privilege to see it, the kernel puts 0 in the place of the address.
            if (shown(info) == 0)
                throw Hidden(operation);
            return bytes[..(int)Math.Min((uint)bytes.Length, length(info))];
        }
    }

    private BpfException Hidden(string operation) =>
        new(BpfErrno.EPERM, operation, Subject, "The kernel hides it from this process: run as root, or grant CAP_BPF and CAP_SYSLOG.");

    private delegate void BufferSetter(ref bpf_prog_info info, ulong buffer, uint size);
}
