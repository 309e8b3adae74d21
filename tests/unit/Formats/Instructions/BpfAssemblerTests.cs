using System.Runtime.CompilerServices;
using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Unit.Formats.Instructions;

public sealed class BpfAssemblerTests
{
    // Encoding as in RFC 9669 (8 bytes little-endian per slot) and text as the kernel prints it.
    public static TheoryData<string, string, string> Encodings()
    {
        TheoryData<string, string, string> data = [];
        void add(Func<BpfAssembler, BpfAssembler> make, string bytes, string text) =>
            data.Add(Convert.ToHexStringLower(BpfInstruction.AsBytes(make(new()).Build())), bytes.Replace(" ", "", StringComparison.Ordinal), text);

        add(a => a.Mov(R1, 0), "b7 01 0000 00000000", "r1 = 0");
        add(a => a.Mov(R1, R10), "bf a1 0000 00000000", "r1 = r10");
        add(a => a.Mov32(R9, -1), "b4 09 0000 ffffffff", "w9 = -1");
        add(a => a.Add(R2, -8), "07 02 0000 f8ffffff", "r2 += -8");
        add(a => a.Sub32(R2, R3), "1c 32 0000 00000000", "w2 -= w3");
        add(a => a.Mul(R2, R3), "2f 32 0000 00000000", "r2 *= r3");
        add(a => a.Div(R2, 7), "37 02 0000 07000000", "r2 /= 7");
        add(a => a.SignedDiv(R2, R3), "3f 32 0100 00000000", "r2 s/= r3");
        add(a => a.SignedDiv32(R2, 7), "34 02 0100 07000000", "w2 s/= 7");
        add(a => a.Or32(R4, R5), "4c 54 0000 00000000", "w4 |= w5");
        add(a => a.And(R4, 255), "57 04 0000 ff000000", "r4 &= 255");
        add(a => a.Lsh(R4, 32), "67 04 0000 20000000", "r4 <<= 32");
        add(a => a.Rsh(R4, R5), "7f 54 0000 00000000", "r4 >>= r5");
        add(a => a.Neg(R6), "87 06 0000 00000000", "r6 = -r6");
        add(a => a.Neg32(R6), "84 06 0000 00000000", "w6 = -w6");
        add(a => a.Mod32(R6, R7), "9c 76 0000 00000000", "w6 %= w7");
        add(a => a.SignedMod(R6, -3), "97 06 0100 fdffffff", "r6 s%= -3");
        add(a => a.Xor(R6, R6), "af 66 0000 00000000", "r6 ^= r6");
        add(a => a.Arsh(R6, 63), "c7 06 0000 3f000000", "r6 s>>= 63");
        add(a => a.Arsh32(R6, R1), "cc 16 0000 00000000", "w6 s>>= w1");
        add(a => a.MovSigned(R1, R2, 32), "bf 21 2000 00000000", "r1 = (s32)r2");
        add(a => a.MovSigned32(R1, R2, 8), "bc 21 0800 00000000", "w1 = (s8)w2");
        add(a => a.ToLittleEndian(R1, 64), "d4 01 0000 40000000", "r1 = le64 r1");
        add(a => a.ToBigEndian(R1, 16), "dc 01 0000 10000000", "r1 = be16 r1");
        add(a => a.ByteSwap(R1, 32), "d7 01 0000 20000000", "r1 = bswap32 r1");
        add(a => a.AddressSpaceCast(R2, R1, 0, 1), "bf 12 0100 01000000", "r2 = addr_space_cast(r1, 0, 1)");
        add(a => a.Load(BpfSize.Word, R1, R10, -4), "61 a1 fcff 00000000", "r1 = *(u32 *)(r10 -4)");
        add(a => a.Load(BpfSize.DoubleWord, R1, R2, 8), "79 21 0800 00000000", "r1 = *(u64 *)(r2 +8)");
        add(a => a.LoadSigned(BpfSize.Byte, R1, R2, 0), "91 21 0000 00000000", "r1 = *(s8 *)(r2 +0)");
        add(a => a.LoadSigned(BpfSize.Word, R1, R2, 4), "81 21 0400 00000000", "r1 = *(s32 *)(r2 +4)");
        add(a => a.Store(BpfSize.Half, R10, -2, R3), "6b 3a feff 00000000", "*(u16 *)(r10 -2) = r3");
        add(a => a.Store(BpfSize.Byte, R10, -1, 0), "72 0a ffff 00000000", "*(u8 *)(r10 -1) = 0");
        add(a => a.Atomic(BpfAtomicOperation.Add, BpfSize.DoubleWord, R1, 0, R2), "db 21 0000 00000000", "lock *(u64 *)(r1 +0) += r2");
        add(a => a.Atomic(BpfAtomicOperation.Or, BpfSize.Word, R1, 4, R2), "c3 21 0400 40000000", "lock *(u32 *)(r1 +4) |= r2");
        add(a => a.Atomic(BpfAtomicOperation.And, BpfSize.Word, R1, 4, R2), "c3 21 0400 50000000", "lock *(u32 *)(r1 +4) &= r2");
        add(a => a.Atomic(BpfAtomicOperation.Xor, BpfSize.Word, R1, 4, R2), "c3 21 0400 a0000000", "lock *(u32 *)(r1 +4) ^= r2");
        add(a => a.Atomic(BpfAtomicOperation.FetchAdd, BpfSize.DoubleWord, R1, -8, R2), "db 21 f8ff 01000000", "r2 = atomic64_fetch_add((u64 *)(r1 -8), r2)");
        add(a => a.Atomic(BpfAtomicOperation.FetchXor, BpfSize.Word, R1, 0, R2), "c3 21 0000 a1000000", "r2 = atomic_fetch_xor((u32 *)(r1 +0), r2)");
        add(a => a.Atomic(BpfAtomicOperation.Exchange, BpfSize.Word, R1, 0, R2), "c3 21 0000 e1000000", "r2 = atomic_xchg((u32 *)(r1 +0), r2)");
        add(a => a.Atomic(BpfAtomicOperation.CompareExchange, BpfSize.DoubleWord, R1, 0, R2), "db 21 0000 f1000000", "r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)");
        add(a => a.LoadAcquire(BpfSize.Byte, R1, R2, 3), "d3 21 0300 00010000", "r1 = load_acquire((u8 *)(r2 +3))");
        add(a => a.StoreRelease(BpfSize.DoubleWord, R1, -8, R2), "db 21 f8ff 10010000", "store_release((u64 *)(r1 -8), r2)");
        add(a => a.LoadPacketAbsolute(BpfSize.Half, 12), "28 00 0000 0c000000", "r0 = *(u16 *)skb[12]");
        add(a => a.LoadPacketIndirect(BpfSize.Byte, R7, 14), "50 70 0000 0e000000", "r0 = *(u8 *)skb[r7 + 14]");
        add(a => a.LoadImm64(R1, 0x1122334455667788ul), "18 01 0000 88776655 00000000 44332211", "r1 = 0x1122334455667788");
        add(a => a.LoadImm64(R1, -1L), "18 01 0000 ffffffff 00000000 ffffffff", "r1 = 0xffffffffffffffff");
        add(a => a.LoadMapFd(R1, 5), "18 11 0000 05000000 00000000 00000000", "r1 = map[fd:5]");
        add(a => a.LoadMapValue(R1, 5, 16), "18 21 0000 05000000 00000000 10000000", "r1 = map[fd:5][0]+16");
        add(a => a.LoadKernelVariable(R1, 77), "18 31 0000 4d000000 00000000 00000000", "r1 = kernel[btf_id:77]");
        add(a => a.LoadMapIndex(R1, 2), "18 51 0000 02000000 00000000 00000000", "r1 = map[idx:2]");
        add(a => a.LoadMapIndexValue(R1, 2, 4), "18 61 0000 02000000 00000000 04000000", "r1 = map[idx:2][0]+4");
        add(a => a.Call(BpfHelperId.MapLookupElem), "85 00 0000 01000000", "call bpf_map_lookup_elem#1");
        add(a => a.Call(9999), "85 00 0000 0f270000", "call unknown#9999");
        add(a => a.CallKfunc(1234, 3), "85 20 0300 d2040000", "call kernel-function#1234");
        add(a => a.CallX(R3), "8d 03 0000 00000000", "callx r3");
        add(a => a.Exit(), "95 00 0000 00000000", "exit");
        return data;
    }

    public static TheoryData<string, string, string> Jumps()
    {
        TheoryData<string, string, string> data = [];
        void add(Func<BpfAssembler, BpfAssembler> make, string first, string text) =>
            data.Add(Convert.ToHexStringLower(BpfInstruction.AsBytes(make(new()).Exit().Label("l").Exit().Build())[..8]), first.Replace(" ", "", StringComparison.Ordinal), text);

        add(a => a.Ja("l"), "05 00 0100 00000000", "goto pc+1");
        add(a => a.JaLong("l"), "06 00 0000 01000000", "gotol pc+1");
        add(a => a.MayGoto("l"), "e5 00 0100 00000000", "may_goto pc+1");
        add(a => a.Jeq(R1, 0, "l"), "15 01 0100 00000000", "if r1 == 0x0 goto pc+1");
        add(a => a.Jne(R1, R2, "l"), "5d 21 0100 00000000", "if r1 != r2 goto pc+1");
        add(a => a.Jgt32(R1, 5, "l"), "26 01 0100 05000000", "if w1 > 0x5 goto pc+1");
        add(a => a.Jge(R1, 5, "l"), "35 01 0100 05000000", "if r1 >= 0x5 goto pc+1");
        add(a => a.Jlt(R1, 5, "l"), "a5 01 0100 05000000", "if r1 < 0x5 goto pc+1");
        add(a => a.Jle32(R1, R3, "l"), "be 31 0100 00000000", "if w1 <= w3 goto pc+1");
        add(a => a.Jsgt(R1, -1, "l"), "65 01 0100 ffffffff", "if r1 s> 0xffffffff goto pc+1");
        add(a => a.Jsge(R1, 1, "l"), "75 01 0100 01000000", "if r1 s>= 0x1 goto pc+1");
        add(a => a.Jslt(R1, R2, "l"), "cd 21 0100 00000000", "if r1 s< r2 goto pc+1");
        add(a => a.Jsle32(R1, R2, "l"), "de 21 0100 00000000", "if w1 s<= w2 goto pc+1");
        add(a => a.Jset(R1, 3, "l"), "45 01 0100 03000000", "if r1 & 0x3 goto pc+1");
        add(a => a.CallLocal("l"), "85 10 0000 01000000", "call pc+1");
        return data;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    [MemberData(nameof(Jumps))]
    public void Instruction_has_the_encoding_of_the_standard_and_the_text_of_the_kernel(string actual, string expected, string text)
    {
        Assert.Equal(expected, actual);
        BpfInstruction[] program = BpfInstruction.FromBytes(Convert.FromHexString(actual));
        Assert.Equal(text, BpfDisassembler.Format(program[0], program.Length > 1 ? program[1] : default));
    }

    [Fact]
    public void Struct_is_eight_bytes()
    {
        Assert.Equal(8, Unsafe.SizeOf<BpfInstruction>());
        BpfInstruction instruction = new(0x61, R3, R4, -5, 6);
        Assert.Equal((3, 4, -5, 6), (instruction.Dst, instruction.Src, instruction.Offset, instruction.Immediate));
        Assert.Equal(4, instruction.AccessSize);
        Assert.Equal(instruction, instruction.WithRegisters(1, 1).WithRegisters(3, 4));
        Assert.Throws<ArgumentException>(() => BpfInstruction.FromBytes(new byte[9]));
    }

    [Fact]
    public void Labels_resolve_backward_forward_and_over_two_slot_loads()
    {
        BpfInstruction[] program = new BpfAssembler()
            .LoadFunction(R2, "callback") // 0, 1
            .Label("loop")
            .LoadImm64(R1, 1) // 2, 3
            .Jne(R1, 0, "end") // 4
            .Ja("loop") // 5
            .Label("end")
            .Exit() // 6
            .Label("callback")
            .Exit() // 7
            .Build();

        Assert.Equal(6, program[0].Immediate); // as for a call: 7 - (0 + 1)
        Assert.True(program[0].IsPseudoFunc);
        Assert.Equal(1, program[4].Offset);
        Assert.Equal(-4, program[5].Offset);
    }

    [Fact]
    public void Wrong_label_is_named_with_its_instruction()
    {
        BpfAssembler unknown = new BpfAssembler().Mov(R0, 0).Ja("nowhere").Exit();
        Assert.Equal("Label 'nowhere' is not defined; instruction 1 (goto pc+0) refers to it.", Message(unknown));
        Assert.Equal("Label 'end' lies behind the last instruction; instruction 0 (goto pc+0) refers to it.", Message(new BpfAssembler().Ja("end").Label("end")));
        ArgumentException twice = Assert.Throws<ArgumentException>(() => new BpfAssembler().Label("a").Exit().Label("a"));
        Assert.StartsWith("Label 'a' is defined twice: at instruction 0 and at 1.", twice.Message, StringComparison.Ordinal);

        BpfAssembler far = new BpfAssembler().Jeq(R0, 0, "far");
        for (int i = 0; i < 40_000; i++)
            far.Mov(R0, 0);
        Assert.StartsWith("Label 'far' is 40000 instructions away from instruction 0", Message(far.Label("far").Exit()), StringComparison.Ordinal);
        Assert.Contains("JaLong", Message(far), StringComparison.Ordinal);

        static string Message(BpfAssembler assembler) => Assert.Throws<InvalidOperationException>(assembler.Build).Message;
    }

    [Fact]
    public void Wrong_operand_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().Mov((BpfRegister)11, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().MovSigned(R0, R1, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().MovSigned32(R0, R1, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().ByteSwap(R0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().LoadSigned(BpfSize.DoubleWord, R0, R1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().LoadPacketAbsolute(BpfSize.DoubleWord, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BpfAssembler().Atomic(BpfAtomicOperation.Add, BpfSize.Byte, R0, 0, R1));
    }

    [Fact]
    public void Disassembly_has_a_line_per_instruction_and_names_operands()
    {
        BpfInstruction[] program = new BpfAssembler().LoadMapFd(R1, 0).Call(BpfHelperId.MapLookupElem).Exit().Build();

        Assert.Equal("   0: (18) r1 = map[counts]\n   2: (85) call bpf_map_lookup_elem#1\n   3: (95) exit\n", BpfDisassembler.Disassemble(program, i => i == 0 ? "counts" : null));
    }

    [Fact]
    public void Every_opcode_has_a_text_and_nothing_throws()
    {
        Random random = new(1);
        for (int opcode = 0; opcode < 256; opcode++)
        {
            for (int i = 0; i < 50; i++)
            {
                BpfInstruction instruction = new((byte)opcode, (byte)random.Next(16), (byte)random.Next(16), (short)random.Next(), random.Next(4) == 0 ? random.Next() : random.Next(512));
                Assert.NotEmpty(BpfDisassembler.Format(instruction, instruction));
            }
        }
    }

    [Fact]
    public void Helper_names_and_ids_match()
    {
        Assert.Equal(212, BpfHelperNames.Count);
        Assert.Equal("bpf_for_each_map_elem", BpfHelperNames.GetName((BpfHelperId)164));
        Assert.Equal(BpfHelperId.CgrpStorageDelete, (BpfHelperId)211);
        Assert.Equal(BpfHelperId.KtimeGetNs, (BpfHelperId)5);
        Assert.Equal("helper#212", BpfHelperNames.GetName((BpfHelperId)212));
        foreach (BpfHelperId id in Enum.GetValues<BpfHelperId>().Skip(1))
        {
            Assert.True(BpfHelperNames.TryParse(BpfHelperNames.GetName(id), out BpfHelperId parsed));
            Assert.Equal(id, parsed);
            Assert.Equal(id.ToString(), string.Concat(BpfHelperNames.GetName(id)[4..].Split('_').Select(p => char.ToUpperInvariant(p[0]) + p[1..])));
        }

        Assert.False(BpfHelperNames.TryParse("unspec", out _));
    }
}
