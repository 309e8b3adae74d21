namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>Logs recorded from Linux 6.18 (clang 14), but for the last one, which is in the format of Linux 7.3.</summary>
public sealed class VerifierLogParserTests
{
    private const string MissingNullCheck = """
        0: R1=ctx() R10=fp0
        ; SEC("xdp") int refused(struct xdp_md *ctx) @ nullcheck.bpf.c:5
        0: (b7) r1 = 0                        ; R1=0
        ; int key = 0; @ nullcheck.bpf.c:7
        1: (63) *(u32 *)(r10 -4) = r1         ; R1=0 R10=fp0 fp-8=0000????
        2: (bf) r2 = r10                      ; R2=fp0 R10=fp0
        ;  @ nullcheck.bpf.c:0
        3: (07) r2 += -4                      ; R2=fp-4
        ; long *value = bpf_map_lookup_elem(&m, &key); @ nullcheck.bpf.c:8
        4: (18) r1 = 0xffff8881024ee400       ; R1=map_ptr(map=m,ks=4,vs=8)
        6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1,map=m,ks=4,vs=8)
        ; *value += 1; @ nullcheck.bpf.c:9
        7: (79) r1 = *(u64 *)(r0 +0)
        R0 invalid mem access 'map_value_or_null'
        processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        """;

    private const string PacketAccess = """
        0: R1=ctx() R10=fp0
        ; unsigned char *data = (void *)(long)ctx->data; @ packet.bpf.c:6
        0: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)
        ; return data[12] ? XDP_PASS : XDP_DROP; @ packet.bpf.c:7
        1: (71) r1 = *(u8 *)(r1 +12)
        invalid access to packet, off=12 size=1, R1(id=0,off=12,r=0)
        R1 offset is outside of the packet
        processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        """;

    private const string UnboundedLoop = """
        0: R1=ctx() R10=fp0
        ; volatile int i = 0; @ loop.bpf.c:6
        1: (63) *(u32 *)(r10 -4) = r1         ; R1=0 R10=fp0 fp-8=0000????
        2: (b7) r1 = 1                        ; R1=1
        ; i = 1; @ loop.bpf.c:8
        3: (63) *(u32 *)(r10 -4) = r1         ; R1=1 R10=fp0 fp-8=mmmm????
        ; while (1) @ loop.bpf.c:7
        4: (05) goto pc-2
        ; i = 1; @ loop.bpf.c:8
        infinite loop detected at insn 3
        cur state: R1=1 R10=fp0 fp-8=mmmm????
        old state: R1=1 R10=fp0 fp-8=mmmm????
        processed 10 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 0
        """;

    private const string WrongHelper = """
        0: R1=ctx() R10=fp0
        ; return bpf_get_current_uid_gid() + bpf_override_return((void*)ctx, 1); @ helper.bpf.c:6
        4: (b7) r2 = 1                        ; R2=1
        5: (85) call bpf_override_return#58
        program of this type cannot use helper bpf_override_return#58
        processed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        """;

    private const string CoRe = """
        arg#0 reference type('UNKNOWN ') size cannot be determined: -22
        0: R1=ctx() R10=fp0
        ; struct task_struct *task = (void *)bpf_get_current_task(); @ core.bpf.c:8
        0: (85) call bpf_get_current_task#35          ; R0=scalar()
        1: <invalid CO-RE relocation>
        failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.nothing_of_this_name (0:0 @ offset 0)
        processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        """;

    private const string Linux73 = """
        0: R1=ctx() R10=fp0
        0: (95) exit
        R0 !read_ok

        Verification failed: Register Type Safety: Unreadable register

        Reason:
          R0 has never been initialized on this path, so the verifier cannot use it as an input.

        At:
          insn 0
                | ^-- error: R0 is not readable
          Instruction context:
          >>> 0 | (95) exit

        Causal path:
          no retained diagnostic events on this path

        Suggestion:
          Initialize R0 on every path before this instruction.

        processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        """;

    [Theory]
    [InlineData(MissingNullCheck, "R0 invalid mem access 'map_value_or_null'", 7, "(79) r1 = *(u64 *)(r0 +0)", "*value += 1;", "nullcheck.bpf.c", 9, 7, "NULL")]
    [InlineData(PacketAccess, "invalid access to packet, off=12 size=1, R1(id=0,off=12,r=0); R1 offset is outside of the packet", 1, "(71) r1 = *(u8 *)(r1 +12)", "return data[12] ? XDP_PASS : XDP_DROP;", "packet.bpf.c", 7, 2, "data_end")]
    [InlineData(UnboundedLoop, "infinite loop detected at insn 3", 3, "(63) *(u32 *)(r10 -4) = r1", "i = 1;", "loop.bpf.c", 8, 10, "bpf_loop")]
    [InlineData(WrongHelper, "program of this type cannot use helper bpf_override_return#58", 5, "(85) call bpf_override_return#58", "return bpf_get_current_uid_gid() + bpf_override_return((void*)ctx, 1);", "helper.bpf.c", 6, 6, "not allowed in this program type")]
    [InlineData(CoRe, "failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.nothing_of_this_name (0:0 @ offset 0)", 1, "<invalid CO-RE relocation>", "struct task_struct *task = (void *)bpf_get_current_task();", "core.bpf.c", 8, 2, "bpf_core_field_exists")]
    public void Log_of_today_is_read(string log, string reason, int instruction, string text, string source, string file, int line, int processed, string hint)
    {
        BpfVerifierReport report = VerifierLogParser.Parse(log);
        Assert.Equal(reason, report.Reason);
        Assert.Equal(instruction, report.FailingInstruction);
        Assert.Equal(text, report.InstructionText);
        Assert.Equal(source, report.SourceText);
        Assert.Equal(file, report.SourceFile);
        Assert.Equal(line, report.SourceLine);
        Assert.Equal(processed, report.InstructionsProcessed);
        Assert.Contains(hint, report.Hint, StringComparison.Ordinal);
        Assert.Null(report.Category);
    }

    [Fact]
    public void Log_of_Linux_7_3_is_read()
    {
        BpfVerifierReport report = VerifierLogParser.Parse(Linux73);
        Assert.Equal("Register Type Safety: Unreadable register", report.Category);
        Assert.Equal("R0 !read_ok", report.Reason);
        Assert.Equal("R0 has never been initialized on this path, so the verifier cannot use it as an input.", report.Explanation);
        Assert.Equal(0, report.FailingInstruction);
        Assert.Equal("(95) exit", report.InstructionText);
        Assert.Equal("Initialize R0 on every path before this instruction.", report.Hint);
        Assert.Equal(1, report.InstructionsProcessed);
    }

    [Fact]
    public void Source_lines_without_place_are_read()
    {
        BpfVerifierReport report = VerifierLogParser.Parse("; *value += 1;\n7: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'scalar'\nprocessed 7 insns (limit 1000000)");
        Assert.Equal("*value += 1;", report.SourceText);
        Assert.Null(report.SourceFile);
        Assert.Null(report.SourceLine);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("processed")]
    [InlineData("processed x insns")]
    [InlineData("Verification failed:")]
    [InlineData("99999999999999999999: (95) exit\n; x @ :1\n; y @ f.c:z")]
    [InlineData("Verification failed: A\nAt:\n  insn 99999999999999999999\n  >>>\n")]
    public void Odd_logs_do_no_harm(string log) => Assert.NotNull(VerifierLogParser.Parse(log));

    [Fact]
    public void Message_is_short_and_ToString_whole()
    {
        string log = string.Concat(Enumerable.Repeat("0: (b7) r1 = 0\n", 50_000)) + MissingNullCheck;
        var exception = new BpfVerifierException(BpfErrno.EACCES, "refused", log);
        Assert.InRange(exception.Message.Length, 50, 500);
        Assert.Contains("nullcheck.bpf.c:9", exception.Message, StringComparison.Ordinal);
        Assert.Contains("program 'refused'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(log, exception.Log);
        Assert.Contains(log, exception.ToString(), StringComparison.Ordinal);
    }
}
