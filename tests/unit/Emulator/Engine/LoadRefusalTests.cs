using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.UnitTests.Emulator.Engine;

/// <summary>What Linux refuses at load, with its errno and words; recorded on 6.18.</summary>
public sealed unsafe class LoadRefusalTests
{
    private static readonly BpfInstruction s_exit = Raw(0x95);
    private static readonly BpfInstruction s_zero = Raw(0xb7);

    internal sealed record Case(string Name, BpfErrno Errno, string Words, BpfInstruction[] Code, BpfProgramType Type = BpfProgramType.SocketFilter, string License = "GPL", int Line = 0);

    internal static IReadOnlyList<Case> Cases { get; } =
    [
        new("unknown opcode", BpfErrno.EINVAL, "unknown opcode ff", [Raw(0xff), s_exit]),
        new("unreachable", BpfErrno.EINVAL, "unreachable insn 2", [s_zero, s_exit, s_zero, s_exit], Line: 3),
        new("no exit", BpfErrno.EINVAL, "last insn is not an exit or jmp", [s_zero]),
        new("jump out of range", BpfErrno.EINVAL, "jump out of range from insn 0 to 6", [Raw(0x05, offset: 5), s_exit]),
        new("jump out of range back", BpfErrno.EINVAL, "jump out of range from insn 1 to -3", [s_zero, Raw(0x15, offset: -5), s_exit]),
        new("register 11", BpfErrno.EINVAL, "R11 is invalid", [Raw(0xb7, 11), s_exit]),
        new("frame pointer", BpfErrno.EACCES, "frame pointer is read only", [Raw(0xb7, 10), s_exit]),
        new("shift", BpfErrno.EINVAL, "invalid shift 64", [s_zero, Raw(0x67, immediate: 64), s_exit]),
        new("shift 32", BpfErrno.EINVAL, "invalid shift 32", [s_zero, Raw(0x64, immediate: 32), s_exit]),
        new("division by zero", BpfErrno.EINVAL, "div by zero", [s_zero, Raw(0x37), s_exit]),
        new("unknown helper", BpfErrno.EINVAL, "invalid func unknown#999", [Raw(0x85, immediate: 999), s_exit]),
        new("helper of another type", BpfErrno.EINVAL, "bpf_redirect#23", [Raw(0x85, immediate: 23), s_exit], BpfProgramType.Kprobe),
        new("helper for GPL", BpfErrno.EINVAL, "cannot call GPL-restricted function from non-GPL compatible program", [Raw(0x85, immediate: 6), s_exit], BpfProgramType.Tracepoint, "Proprietary", 1),
        new("recursion", BpfErrno.E2BIG, "", [Raw(0x85, 0, 1, 0, 1), s_exit, Raw(0x85, 0, 1, 0, -1), s_exit]),
        new("nine frames", BpfErrno.E2BIG, "the call stack of 9 frames is too deep", Frames(9)),
        new("stack of two", BpfErrno.EACCES, "combined stack size of 2 calls is 576. Too large", [Raw(0x7a, 10, 0, -512), Raw(0x85, 0, 1, 0, 2), s_zero, s_exit, Raw(0x7a, 10, 0, -64), s_zero, s_exit]),
        new("stack below", BpfErrno.EACCES, "invalid write to stack R10 off=-520 size=8", [Raw(0x7a, 10, 0, -520), s_zero, s_exit]),
        new("stack above", BpfErrno.EACCES, "invalid write to stack R10 off=0 size=8", [Raw(0x7a, 10), s_zero, s_exit]),
        new("packet load in XDP", BpfErrno.EINVAL, "BPF_LD_[ABS|IND] instructions not allowed for this program type", [Raw(0x30), s_exit], BpfProgramType.Xdp),
        new("jump into lddw", BpfErrno.EINVAL, "", [Raw(0x05, offset: 1), Raw(0x18), Raw(0), s_exit]),
        new("descriptor of no map", BpfErrno.EBADF, "fd 77 is not pointing to valid bpf_map", [Raw(0x18, 1, 1, 0, 77), Raw(0), s_zero, s_exit]),
        new("source of lddw", BpfErrno.EINVAL, "unrecognized bpf_ld_imm64 insn", [Raw(0x18, 1, 9), Raw(0), s_zero, s_exit]),
        new("half an lddw", BpfErrno.EINVAL, "", [Raw(0x18, 1), s_exit]),
        new("reserved in LDX", BpfErrno.EINVAL, "BPF_LDX uses reserved fields", [Raw(0x61, 0, 1, 0, 5), s_exit]),
        new("reserved in MOV", BpfErrno.EINVAL, "BPF_MOV uses reserved fields", [Raw(0xbf, 0, 1, 3), s_exit]),
        new("reserved in CALL", BpfErrno.EINVAL, "BPF_CALL uses reserved fields", [Raw(0x85, 1, 0, 0, 5), s_exit]),
        new("reserved in EXIT", BpfErrno.EINVAL, "BPF_EXIT uses reserved fields", [Raw(0x95, 1)]),
        new("atomic opcode", BpfErrno.EINVAL, "BPF_ATOMIC uses invalid atomic opcode 77", [Raw(0xdb, 10, 1, -8, 0x77), s_exit]),
        new("result of cgroup_skb", BpfErrno.EINVAL, "At program exit the register R0 has smin=5 smax=5 should have been in [0, 1]", [Raw(0xb7, immediate: 5), s_exit], BpfProgramType.CgroupSkb, Line: 2),
        new("result of a callback", BpfErrno.EINVAL, "At callback return the register R0 has smin=2 smax=2 should have been in [0, 1]",
            WrongProgramTests.Code(a => a.Mov(R1, 1).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(181).Exit().Label("f").Mov(R0, 2).Exit(), exit: false), Line: 9),
        new("callback without BTF", BpfErrno.EINVAL, "missing btf func_info",
            WrongProgramTests.Code(a => a.Mov(R1, 1).LoadFunction(R2, "f").Mov(R3, 0).Mov(R4, 0).Call(181).Exit().Label("f").Mov(R0, 0).Exit(), exit: false)),
        new("tracing without target", BpfErrno.EINVAL, "Tracing programs must provide btf_id", [s_zero, s_exit], BpfProgramType.Tracing),
        new("lsm without target", BpfErrno.EINVAL, "Tracing programs must provide btf_id", [s_zero, s_exit], BpfProgramType.Lsm),
        new("extension without target", BpfErrno.EINVAL, "Tracing programs must provide btf_id", [s_zero, s_exit], BpfProgramType.Ext),
        new("fetch into the frame pointer", BpfErrno.EACCES, "frame pointer is read only", [s_zero, Raw(0x7a, 10, 0, -8), Raw(0xdb, 10, 10, -8, 1), s_exit], Line: 3),
        new("system call program not sleepable", BpfErrno.EINVAL, "Syscall programs can only be sleepable", [s_zero, s_exit], BpfProgramType.Syscall),
        new("kfunc that is none", BpfErrno.EINVAL, "is not a function", [Raw(0x85, 0, 2, 0, 1), s_zero, s_exit], BpfProgramType.Kprobe),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_program_is_refused_as_Linux_refuses_it(string name)
    {
        Case wrong = Cases.Single(c => c.Name == name);
        using var machine = new TestMachine();
        bool lines = wrong.Line > 0;
        int result = machine.TryLoad(wrong.Code, wrong.Type, withLines: lines, license: wrong.License);
        Assert.Equal(wrong.Errno, (BpfErrno)(-result));
        Assert.Contains(wrong.Words, machine.Log, StringComparison.Ordinal);
        Assert.EndsWith("mark_read 0\n", machine.Log, StringComparison.Ordinal);
        if (lines)
            Assert.Contains($"; line {wrong.Line}; @ prog.c:{wrong.Line}", machine.Log, StringComparison.Ordinal);
        Assert.Equal(0, machine.Kernel.OpenDescriptors);
    }

    [Theory]
    [InlineData(1u, 4096u, 0, 98u)]
    [InlineData(1u, 20u, -28, 98u)]
    [InlineData(9u, 20u, -28, 98u)]
    [InlineData(0u, 4096u, -22, 0u)]
    [InlineData(16u, 4096u, -22, 0u)]
    public void The_log_fills_its_buffer_as_on_Linux(uint level, uint size, int expected, uint trueSize)
    {
        using var machine = new TestMachine();
        BpfInstruction[] code = [s_zero, s_exit];
        byte[] log = new byte[4096];
        fixed (BpfInstruction* instructions = code)
        fixed (byte* buffer = log, license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.prog_load.prog_type = (uint)BpfProgramType.SocketFilter;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = 2;
            attr.prog_load.license = (ulong)license;
            attr.prog_load.log_level = level;
            attr.prog_load.log_buf = (ulong)buffer;
            attr.prog_load.log_size = size;
            int result = machine.Kernel.Bpf(BpfCommand.ProgLoad, ref attr, BpfAttr.ByteSize);
            Assert.Equal(expected, Math.Min(result, 0));
            Assert.Equal(trueSize, attr.prog_load.log_true_size);
            Assert.Equal(expected == 0 ? 1 : 0, machine.Kernel.OpenDescriptors);
        }

        string text = System.Text.Encoding.ASCII.GetString(log, 0, Array.IndexOf(log, (byte)0));
        if (expected == -28)
            Assert.Equal((level & 8) != 0 ? "processed 2 insns (" : "ates 0 mark_read 0\n", text);
    }

    private static BpfInstruction[] Frames(int count)
    {
        var code = new BpfAssembler();
        for (int i = 1; i < count; i++)
            code.Label($"f{i}").CallLocal($"f{i + 1}").Exit();
        return code.Label($"f{count}").Mov(R0, 0).Exit().Build();
    }

    private static BpfInstruction Raw(byte opcode, byte dst = 0, byte src = 0, short offset = 0, int immediate = 0) => new(opcode, dst, src, offset, immediate);
}
