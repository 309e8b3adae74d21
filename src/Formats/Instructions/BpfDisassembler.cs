using System.Globalization;
using System.Text;

namespace LibbpfSharp.Formats.Instructions;

/// <summary>
/// Writes instructions as the kernel's verifier does (kernel/bpf/disasm.c): <c>r1 = *(u32 *)(r10 -4)</c>,
/// <c>if w2 s&gt; 0x5 goto pc+3</c>, <c>call bpf_map_lookup_elem#1</c>. Never fails: what is no instruction is written as its bytes.
/// </summary>
public static class BpfDisassembler
{
    private static readonly string[] s_aluOperators = ["+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "neg", "%=", "^=", "=", "s>>=", "endian"];

    private static readonly string[] s_jumpOperators =
        ["jmp", "==", ">", ">=", "&", "!=", "s>", "s>=", "call", "exit", "<", "<=", "s<", "s<=", "may_goto"];

    /// <summary>A program, a line per instruction: its index, its opcode, its text.</summary>
    /// <param name="program">The program.</param>
    /// <param name="operand">
    /// Gives the name of what the instruction at an index refers to (map, variable, function), written for the operand of a
    /// 64-bit immediate load or call; null for no name.
    /// </param>
    /// <returns>Lines such as <c>  12: (85) call bpf_map_lookup_elem#1</c>, each ended by LF.</returns>
    public static string Disassemble(ReadOnlySpan<BpfInstruction> program, Func<int, string?>? operand = null)
    {
        StringBuilder text = new();
        for (int i = 0; i < program.Length; i++)
        {
            BpfInstruction instruction = program[i];
            BpfInstruction next = i + 1 < program.Length ? program[i + 1] : default;
            text.Append(CultureInfo.InvariantCulture, $"{i,4}: ({instruction.Opcode:x2}) ")
                .Append(Format(instruction, next, operand?.Invoke(i)))
                .Append('\n');
            if (instruction.IsLoadImm64)
                i++;
        }

        return text.ToString();
    }

    /// <summary>One instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="next">The next slot, which holds the upper half of a 64-bit immediate.</param>
    /// <param name="operand">Name of what a 64-bit immediate load or a call refers to, or null.</param>
    /// <returns>Its text.</returns>
    public static string Format(BpfInstruction instruction, BpfInstruction next, string? operand = null) => instruction.Class switch
    {
        BpfOpcode.Alu or BpfOpcode.Alu64 => Alu(instruction),
        BpfOpcode.Jmp or BpfOpcode.Jmp32 => Jump(instruction, operand),
        BpfOpcode.Ldx => LoadMemory(instruction),
        BpfOpcode.St => instruction.Mode == BpfOpcode.Mem
            ? $"{Address(instruction, instruction.Dst)} = {instruction.Immediate}"
            : Unknown(instruction),
        BpfOpcode.Stx => StoreRegister(instruction),
        _ => Load(instruction, next, operand),
    };

    private static string Alu(BpfInstruction insn)
    {
        bool wide = insn.Class == BpfOpcode.Alu64;
        string dst = (wide ? "r" : "w") + insn.Dst;
        string src = insn.IsSourceRegister ? (wide ? "r" : "w") + insn.Src : insn.Immediate.ToString(CultureInfo.InvariantCulture);
        short offset = insn.Offset;
        switch (insn.Operation)
        {
            case BpfOpcode.End when insn.Immediate is 16 or 32 or 64:
                string order = wide ? "bswap" : insn.IsSourceRegister ? "be" : "le";
                return wide && insn.IsSourceRegister ? Unknown(insn) : $"r{insn.Dst} = {order}{insn.Immediate} r{insn.Dst}";
            case BpfOpcode.Neg:
                return insn.IsSourceRegister ? Unknown(insn) : $"{dst} = -{dst}";
            case BpfOpcode.Mov when insn.IsSourceRegister && (offset is 8 or 16 || (wide && offset == 32)):
                return $"{dst} = (s{offset}){src}";
            case BpfOpcode.Mov when insn.IsSourceRegister && wide && offset == 1:
                return $"r{insn.Dst} = addr_space_cast(r{insn.Src}, {(uint)insn.Immediate >> 16}, {insn.Immediate & 0xffff})";
            case BpfOpcode.Mov when insn.IsSourceRegister && wide && offset == -1:
                return $"r{insn.Dst} = &(void __percpu *)(r{insn.Src})";
            case BpfOpcode.Div or BpfOpcode.Mod when offset == 1:
                return $"{dst} s{s_aluOperators[insn.Operation >> 4]} {src}";
            case BpfOpcode.End or > BpfOpcode.End:
                return Unknown(insn);
            default:
                return offset == 0 ? $"{dst} {s_aluOperators[insn.Operation >> 4]} {src}" : Unknown(insn);
        }
    }

    private static string Jump(BpfInstruction insn, string? operand)
    {
        bool wide = insn.Class == BpfOpcode.Jmp;
        switch (insn.Operation)
        {
            case BpfOpcode.Call:
                return wide ? Call(insn, operand) : Unknown(insn);
            case BpfOpcode.Exit:
                return wide && !insn.IsSourceRegister ? "exit" : Unknown(insn);
            case BpfOpcode.Ja:
                if (insn.IsSourceRegister)
                    return wide ? $"gotox r{insn.Dst}" : Unknown(insn);
                return wide ? $"goto pc{insn.Offset:+0;-0;+0}" : $"gotol pc{insn.Immediate:+0;-0;+0}";
            case BpfOpcode.Jcond:
                return wide && !insn.IsSourceRegister && insn.Src == 0 ? $"may_goto pc{insn.Offset:+0;-0;+0}" : Unknown(insn);
            case > BpfOpcode.Jcond:
                return Unknown(insn);
            default:
                string register = wide ? "r" : "w";
                string src = insn.IsSourceRegister ? register + insn.Src : $"0x{insn.Immediate:x}";
                return $"if {register}{insn.Dst} {s_jumpOperators[insn.Operation >> 4]} {src} goto pc{insn.Offset:+0;-0;+0}";
        }
    }

    private static string Call(BpfInstruction insn, string? operand)
    {
        if (insn.IsSourceRegister)
            return $"callx r{insn.Dst}";
        return insn.Src switch
        {
            BpfPseudo.HelperCall when operand is null && (uint)insn.Immediate < (uint)BpfHelperNames.Count && insn.Immediate != 0 =>
                $"call {BpfHelperNames.GetName((BpfHelperId)insn.Immediate)}#{insn.Immediate}",
            BpfPseudo.HelperCall => $"call {operand ?? "unknown"}#{insn.Immediate}",
            BpfPseudo.Call => operand is null ? $"call pc{insn.Immediate:+0;-0;+0}" : $"call {operand}",
            BpfPseudo.KfuncCall => $"call {operand ?? "kernel-function"}#{insn.Immediate}",
            _ => Unknown(insn),
        };
    }

    private static string LoadMemory(BpfInstruction insn) => insn.Mode switch
    {
        BpfOpcode.Mem => $"r{insn.Dst} = {Address(insn, insn.Src)}",
        BpfOpcode.MemSx when insn.Size != BpfSize.DoubleWord => $"r{insn.Dst} = {Address(insn, insn.Src, 's')}",
        _ => Unknown(insn),
    };

    private static string StoreRegister(BpfInstruction insn)
    {
        if (insn.Mode == BpfOpcode.Mem)
            return $"{Address(insn, insn.Dst)} = r{insn.Src}";
        if (insn.Mode != BpfOpcode.Atomic)
            return Unknown(insn);

        BpfAtomicOperation operation = (BpfAtomicOperation)insn.Immediate;
        int bits = insn.AccessSize * 8;
        if (operation == BpfAtomicOperation.LoadAcquire)
            return $"r{insn.Dst} = load_acquire((u{bits} *)(r{insn.Src} {insn.Offset:+0;-0;+0}))";
        if (operation == BpfAtomicOperation.StoreRelease)
            return $"store_release((u{bits} *)(r{insn.Dst} {insn.Offset:+0;-0;+0}), r{insn.Src})";
        if (bits < 32)
            return Unknown(insn);

        string pointer = $"(u{bits} *)(r{insn.Dst} {insn.Offset:+0;-0;+0})";
        string prefix = bits == 64 ? "atomic64" : "atomic";
        return operation switch
        {
            BpfAtomicOperation.Add or BpfAtomicOperation.Or or BpfAtomicOperation.And or BpfAtomicOperation.Xor =>
                $"lock *{pointer} {s_aluOperators[insn.Immediate >> 4]} r{insn.Src}",
            BpfAtomicOperation.FetchAdd or BpfAtomicOperation.FetchOr or BpfAtomicOperation.FetchAnd or BpfAtomicOperation.FetchXor =>
                $"r{insn.Src} = {prefix}_fetch_{FetchName(operation)}({pointer}, r{insn.Src})",
            BpfAtomicOperation.Exchange => $"r{insn.Src} = {prefix}_xchg({pointer}, r{insn.Src})",
            BpfAtomicOperation.CompareExchange => $"r0 = {prefix}_cmpxchg({pointer}, r0, r{insn.Src})",
            _ => Unknown(insn),
        };
    }

    private static string FetchName(BpfAtomicOperation operation) => operation switch
    {
        BpfAtomicOperation.FetchAdd => "add",
        BpfAtomicOperation.FetchOr => "or",
        BpfAtomicOperation.FetchAnd => "and",
        _ => "xor",
    };

    private static string Load(BpfInstruction insn, BpfInstruction next, string? operand)
    {
        if (insn.Mode == BpfOpcode.Abs && insn.Size != BpfSize.DoubleWord)
            return $"r0 = *(u{insn.AccessSize * 8} *)skb[{insn.Immediate}]";
        if (insn.Mode == BpfOpcode.Ind && insn.Size != BpfSize.DoubleWord)
            return $"r0 = *(u{insn.AccessSize * 8} *)skb[r{insn.Src} + {insn.Immediate}]";
        if (!insn.IsLoadImm64)
            return Unknown(insn);

        string dst = $"r{insn.Dst} = ";
        int low = insn.Immediate;
        int high = next.Immediate;
        return insn.Src switch
        {
            0 => dst + (operand ?? $"0x{((ulong)(uint)high << 32) | (uint)low:x}"),
            BpfPseudo.MapFd => dst + (operand is null ? $"map[fd:{low}]" : $"map[{operand}]"),
            BpfPseudo.MapValue => dst + (operand is null ? $"map[fd:{low}][0]+{high}" : $"map[{operand}][0]+{high}"),
            BpfPseudo.BtfId => dst + (operand is null ? $"kernel[btf_id:{low}]" : $"kernel[{operand}]"),
            BpfPseudo.Func => dst + (operand is null ? $"subprog[pc{low:+0;-0;+0}]" : $"subprog[{operand}]"),
            BpfPseudo.MapIdx => dst + (operand is null ? $"map[idx:{low}]" : $"map[{operand}]"),
            BpfPseudo.MapIdxValue => dst + (operand is null ? $"map[idx:{low}][0]+{high}" : $"map[{operand}][0]+{high}"),
            _ => Unknown(insn),
        };
    }

    private static string Address(BpfInstruction insn, byte register, char sign = 'u') =>
        $"*({sign}{insn.AccessSize * 8} *)(r{register} {insn.Offset:+0;-0;+0})";

    private static string Unknown(BpfInstruction insn) =>
        $"(unknown: opcode 0x{insn.Opcode:x2}, dst {insn.Dst}, src {insn.Src}, off {insn.Offset}, imm 0x{insn.Immediate:x})";
}
