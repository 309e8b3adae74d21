namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <content>Instructions that do not exist, and fields that must be zero.</content>
internal static partial class Refusals
{
    private static IEnumerable<Refusal> Instructions()
    {
        foreach (byte opcode in (byte[])[0xff, 0x00, 0x08, 0x86, 0x96, 0x0d, 0x9d, 0x19, 0x21, 0x43, 0x99, 0xe7, 0xf7, 0xdf, 0xe6, 0xf5, 0x38, 0x58, 0xd3, 0xcb, 0x0e, 0xa2, 0xf1])
            yield return One($"opcode {opcode:x2}", Raw(opcode));

        yield return One("ADD K with a source", Raw(0x07, 0, 1));
        yield return One("ADD K with an offset", Raw(0x07, 0, 0, 1));
        yield return One("ADD X with an immediate", Raw(0x0f, 0, 0, 0, 1));
        yield return One("NEG with a source", Raw(0x87, 0, 1));
        yield return One("NEG with an immediate", Raw(0x87, 0, 0, 0, 1));
        yield return One("NEG X", Raw(0x8f, 0, 0));
        yield return One("END with an offset", Raw(0xd4, 0, 0, 1, 16));
        yield return One("END with a source", Raw(0xd4, 0, 1, 0, 16));
        yield return One("END of 17 bits", Raw(0xd4, 0, 0, 0, 17));
        yield return One("BSWAP of 8 bits", Raw(0xd7, 0, 0, 0, 8));
        yield return One("MOV K with an offset", Raw(0xb7, 0, 0, 8));
        yield return One("MOVSX of 5 bits", Raw(0xbf, 0, 0, 5));
        yield return One("MOVSX of 32 bits in 32", Raw(0xbc, 0, 0, 32));
        yield return One("MOVSX K", Raw(0xb7, 0, 0, 16));
        yield return One("addr_space_cast to an address of the program's without an arena", Raw(0xbf, 0, 1, 1, 1));
        yield return One("addr_space_cast to user space's without an arena", Raw(0xbf, 0, 1, 1, 0x10000));
        yield return One("addr_space_cast between other spaces", Raw(0xbf, 0, 1, 1, 0x20000));
        yield return One("DIV with offset 2", Raw(0x37, 0, 0, 2, 1));
        yield return One("ADD with offset 1", Raw(0x07, 0, 0, 1, 1));
        yield return One("JEQ K with a source", Raw(0x15, 0, 1));
        yield return One("JEQ X with an immediate", Raw(0x1d, 0, 0, 0, 1));
        yield return One("JA with a register", Raw(0x05, 1));
        yield return One("JA with an immediate", Raw(0x05, 0, 0, 0, 1));
        yield return One("long JA with an offset", Raw(0x06, 0, 0, 1));
        yield return One("EXIT with a register", Raw(0x95, 1));
        yield return One("EXIT with a source", Raw(0x95, 0, 1));
        yield return One("EXIT with an offset", Raw(0x95, 0, 0, 1));
        yield return One("EXIT with an immediate", Raw(0x95, 0, 0, 0, 1));
        yield return One("CALL with a register", Raw(0x85, 1, 0, 0, 5));
        yield return One("CALL with an offset", Raw(0x85, 0, 0, 1, 5));
        yield return One("CALL of source 3", Raw(0x85, 0, 3, 0, 0));
        yield return One("LDX with an immediate", Raw(0x61, 0, 10, -8, 5));
        yield return One("ST with a source", Raw(0x7a, 10, 1, -8));
        yield return One("STX with an immediate", Raw(0x7b, 10, 0, -8, 1));
        yield return One("LD_ABS with a destination", Raw(0x20, 1));
        yield return One("LD_ABS with a source", Raw(0x20, 0, 1));
        yield return One("LD_ABS with an offset", Raw(0x20, 0, 0, 1));
        yield return One("LD_IND with a destination", Raw(0x40, 1, 1));
        yield return One("may_goto with a register", Raw(0xe5, 1));
        yield return One("may_goto with source 2", Raw(0xe5, 0, 2));
        yield return One("may_goto with an immediate", Raw(0xe5, 0, 0, 0, 1));
        yield return One("atomic of an unknown operation", Raw(0xdb, 10, 0, -8, 0x77));
        yield return One("atomic SUB", Raw(0xdb, 10, 0, -8, 0x10));
        yield return One("XCHG without fetch", Raw(0xdb, 10, 0, -8, 0xe0));
        yield return One("atomic ADD of a byte", Raw(0xd3, 10, 0, -8));
        yield return One("atomic ADD of a half", Raw(0xcb, 10, 0, -8));
        yield return One("address space cast to 2", Raw(0xbf, 0, 0, 1, 0x20000));

        foreach (byte register in (byte[])[11, 15])
        {
            yield return One($"MOV to r{register}", Raw(0xb7, register));
            yield return One($"MOV from r{register}", Raw(0xbf, 0, register));
            yield return One($"LDX from r{register}", Raw(0x61, 0, register));
            yield return One($"STX to r{register}", Raw(0x63, register, 0));
            yield return One($"JEQ of r{register}", Raw(0x15, register));
        }

        yield return One("MOV to r10", Raw(0xb7, 10));
        yield return One("ADD to r10", Raw(0x07, 10, 0, 0, 8));
        yield return One("LDX to r10", Raw(0x79, 10, 10, -8));
        yield return new Refusal("lddw to r10", _ => [s_zero, Raw(0x18, 10), Raw(0), s_exit]);
        yield return new Refusal("fetch into r10", _ => [s_zero, Raw(0x7a, 10, 0, -8), Raw(0xdb, 10, 10, -8, 1), s_exit]);

        yield return One("LSH by 64", Raw(0x67, 0, 0, 0, 64));
        yield return One("LSH by -1", Raw(0x67, 0, 0, 0, -1));
        yield return One("RSH by 32 in 32 bits", Raw(0x74, 0, 0, 0, 32));
        yield return One("ARSH by 64", Raw(0xc7, 0, 0, 0, 64));
        yield return One("DIV by 0", Raw(0x37));
        yield return One("MOD by 0 in 32 bits", Raw(0x94));
        yield return One("signed DIV by 0", Raw(0x37, 0, 0, 1));

        foreach (BpfProgramType type in (BpfProgramType[])[BpfProgramType.Xdp, BpfProgramType.Kprobe, BpfProgramType.Tracepoint, BpfProgramType.RawTracepoint, BpfProgramType.PerfEvent, BpfProgramType.LwtIn, BpfProgramType.SkLookup, BpfProgramType.SockOps])
            yield return new Refusal($"LD_ABS in {type}", _ => [Raw(0xbf, 6, 1), Raw(0x30), s_zero, s_exit], type) { Attach = type == BpfProgramType.SkLookup ? BpfAttachType.SkLookup : type == BpfProgramType.SockOps ? BpfAttachType.CgroupSockOps : 0 };
        yield return new Refusal("LD_IND in XDP", _ => [Raw(0xbf, 6, 1), s_zero, Raw(0x50, 0, 0), s_zero, s_exit], BpfProgramType.Xdp);
    }
}
