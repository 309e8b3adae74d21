using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Which instructions exist and what their fields may hold (RFC 9669, and the messages of kernel/bpf/verifier.c).</summary>
internal static class InstructionRules
{
    /// <summary>True for an atomic operation that puts the old value into its source register.</summary>
    public static bool FetchesIntoSource(BpfInstruction i)
    {
        const int Fetch = 1;
        return i.Class == BpfOpcode.Stx && i.Mode == BpfOpcode.Atomic && (i.Immediate & Fetch) != 0
            && (BpfAtomicOperation)i.Immediate is not (BpfAtomicOperation.CompareExchange or BpfAtomicOperation.LoadAcquire or BpfAtomicOperation.StoreRelease);
    }

    /// <summary>True if the opcode exists.</summary>
    public static bool IsKnown(BpfInstruction i)
    {
        switch (i.Class)
        {
            case BpfOpcode.Alu or BpfOpcode.Alu64:
                return i.Operation <= BpfOpcode.End && (i.Class == BpfOpcode.Alu || i.Operation != BpfOpcode.End || !i.IsSourceRegister);
            case BpfOpcode.Jmp:
                return i.Operation <= BpfOpcode.Jcond && (i.Operation is not (BpfOpcode.Ja or BpfOpcode.Exit or BpfOpcode.Jcond) || !i.IsSourceRegister);
            case BpfOpcode.Jmp32:
                return i.Operation <= BpfOpcode.Jsle && i.Operation is not (BpfOpcode.Call or BpfOpcode.Exit)
                    && (i.Operation != BpfOpcode.Ja || !i.IsSourceRegister);
            case BpfOpcode.Ld:
                return i.IsLoadImm64 || (i.Mode is BpfOpcode.Abs or BpfOpcode.Ind && i.Size != BpfSize.DoubleWord);
            case BpfOpcode.Ldx:
                return i.Mode == BpfOpcode.Mem || (i.Mode == BpfOpcode.MemSx && i.Size != BpfSize.DoubleWord);
            case BpfOpcode.St:
                return i.Mode == BpfOpcode.Mem;
            default:
                return i.Mode == BpfOpcode.Mem || i.Mode == BpfOpcode.Atomic;
        }
    }

    /// <summary>The message about a field that must be zero and is not; null if all is well.</summary>
    public static string? FindReservedField(BpfInstruction i)
    {
        switch (i.Class)
        {
            case BpfOpcode.Alu or BpfOpcode.Alu64:
                return FindReservedInArithmetic(i);
            case BpfOpcode.Ldx:
                return i.Immediate != 0 ? "BPF_LDX uses reserved fields" : null;
            case BpfOpcode.St:
                return i.Src != 0 ? "BPF_ST uses reserved fields" : null;
            case BpfOpcode.Stx:
                return i.Mode == BpfOpcode.Mem && i.Immediate != 0 ? "BPF_STX uses reserved fields" : FindAtomicError(i);
            case BpfOpcode.Ld:
                if (i.IsLoadImm64)
                    return i.Src > BpfPseudo.MapIdxValue ? "unrecognized bpf_ld_imm64 insn" : i.Offset != 0 ? "BPF_LD_IMM64 uses reserved fields" : null;
                return i.Dst != 0 || i.Offset != 0 || (i.Mode == BpfOpcode.Abs && i.Src != 0) ? "BPF_LD_[ABS|IND] uses reserved fields" : null;
            default:
                return FindReservedInJump(i);
        }
    }

    /// <summary>The message about an operand that is constant and wrong: a shift beyond the width, a division by zero.</summary>
    public static string? FindOperandError(BpfInstruction i, bool acceptShifts)
    {
        if (i.Class is not (BpfOpcode.Alu or BpfOpcode.Alu64) || i.IsSourceRegister)
            return null;
        int width = i.Class == BpfOpcode.Alu64 ? 64 : 32;
        return i.Operation switch
        {
            BpfOpcode.Div or BpfOpcode.Mod when i.Immediate == 0 && !acceptShifts => "div by zero",
            BpfOpcode.Lsh or BpfOpcode.Rsh or BpfOpcode.Arsh when !acceptShifts && (i.Immediate < 0 || i.Immediate >= width) => $"invalid shift {i.Immediate}",
            _ => null,
        };
    }

    /// <summary>True if the source field names a register that the instruction reads or writes.</summary>
    public static bool UsesSourceRegister(BpfInstruction i) => i.Class switch
    {
        BpfOpcode.Alu or BpfOpcode.Alu64 => i.IsSourceRegister && i.Operation != BpfOpcode.End,
        BpfOpcode.Jmp => i.IsSourceRegister && i.Operation is not (BpfOpcode.Call or BpfOpcode.Exit),
        BpfOpcode.Jmp32 => i.IsSourceRegister,
        BpfOpcode.Ldx or BpfOpcode.Stx => true,
        BpfOpcode.Ld => i.Mode == BpfOpcode.Ind,
        _ => false,
    };

    /// <summary>True if the instruction writes the register of the destination field.</summary>
    public static bool WritesDestination(BpfInstruction i) => i.Class switch
    {
        BpfOpcode.Alu or BpfOpcode.Alu64 or BpfOpcode.Ldx => true,
        BpfOpcode.Ld => i.IsLoadImm64,
        BpfOpcode.Stx => i.Mode == BpfOpcode.Atomic && (BpfAtomicOperation)i.Immediate == BpfAtomicOperation.LoadAcquire,
        _ => false,
    };

    /// <summary>True if the instruction writes the register of the source field (fetching atomics).</summary>
    public static bool WritesSource(BpfInstruction i) =>
        i.Class == BpfOpcode.Stx && i.Mode == BpfOpcode.Atomic && (i.Immediate & 1) != 0 && (BpfAtomicOperation)i.Immediate != BpfAtomicOperation.CompareExchange;

    private static string? FindReservedInArithmetic(BpfInstruction i)
    {
        switch (i.Operation)
        {
            case BpfOpcode.Neg:
                return i.IsSourceRegister || i.Src != 0 || i.Offset != 0 || i.Immediate != 0 ? "BPF_NEG uses reserved fields" : null;
            case BpfOpcode.End:
                return i.Src != 0 || i.Offset != 0 || i.Immediate is not (16 or 32 or 64) ? "BPF_END uses reserved fields" : null;
            case BpfOpcode.Mov:
                if (!i.IsSourceRegister)
                    return i.Src != 0 || i.Offset != 0 ? "BPF_MOV uses reserved fields" : null;
                if (i.Class == BpfOpcode.Alu)
                    return i.Offset is not (0 or 8 or 16) || i.Immediate != 0 ? "BPF_MOV uses reserved fields" : null;
                if (i.Offset == 1)
                    return i.Immediate is not (1 or 0x10000) ? "addr_space_cast insn can only convert between address space 1 and 0" : null;
                return i.Offset is not (0 or 8 or 16 or 32) || i.Immediate != 0 ? "BPF_MOV uses reserved fields" : null;
            default:
                bool signed = i.Offset == 1 && i.Operation is BpfOpcode.Div or BpfOpcode.Mod;
                bool reserved = i.IsSourceRegister ? i.Immediate != 0 : i.Src != 0;
                return reserved || i.Offset > 1 || i.Offset < 0 || (i.Offset == 1 && !signed) ? "BPF_ALU uses reserved fields" : null;
        }
    }

    private static string? FindAtomicError(BpfInstruction i)
    {
        if (i.Mode != BpfOpcode.Atomic)
            return null;
        bool wide = i.Size is BpfSize.Word or BpfSize.DoubleWord;
        switch ((BpfAtomicOperation)i.Immediate)
        {
            case BpfAtomicOperation.LoadAcquire or BpfAtomicOperation.StoreRelease:
                return null;
            case BpfAtomicOperation.Add or BpfAtomicOperation.FetchAdd or BpfAtomicOperation.And or BpfAtomicOperation.FetchAnd
                or BpfAtomicOperation.Or or BpfAtomicOperation.FetchOr or BpfAtomicOperation.Xor or BpfAtomicOperation.FetchXor
                or BpfAtomicOperation.Exchange or BpfAtomicOperation.CompareExchange:
                return wide ? null : "invalid atomic operand size";
            default:
                return $"BPF_ATOMIC uses invalid atomic opcode {i.Immediate:x2}";
        }
    }

    private static string? FindReservedInJump(BpfInstruction i)
    {
        switch (i.Operation)
        {
            case BpfOpcode.Call:
                if (i.IsSourceRegister)
                    return i.Src != 0 || i.Offset != 0 || i.Immediate != 0 ? "BPF_CALL uses reserved fields" : null;
                return i.Src > BpfPseudo.KfuncCall || i.Dst != 0 || (i.Src != BpfPseudo.KfuncCall && i.Offset != 0) ? "BPF_CALL uses reserved fields" : null;
            case BpfOpcode.Exit:
                return i.Immediate != 0 || i.Src != 0 || i.Dst != 0 || i.Offset != 0 ? "BPF_EXIT uses reserved fields" : null;
            case BpfOpcode.Ja:
                bool longJump = i.Class == BpfOpcode.Jmp32;
                return i.Src != 0 || i.Dst != 0 || (longJump ? i.Offset != 0 : i.Immediate != 0) ? "BPF_JA uses reserved fields" : null;
            case BpfOpcode.Jcond when i.Class == BpfOpcode.Jmp:
                return i.Src != 0 || i.Dst != 0 || i.Immediate != 0 ? $"invalid may_goto imm {i.Immediate}" : null;
            default:
                bool reserved = i.IsSourceRegister ? i.Immediate != 0 : i.Src != 0;
                return reserved ? "BPF_JMP uses reserved fields" : null;
        }
    }
}
