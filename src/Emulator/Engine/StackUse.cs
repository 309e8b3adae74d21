using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>How much of its 512 bytes of stack a function uses, as far as constants tell.</summary>
internal static class StackUse
{
    /// <summary>Fills in the function's stack depth and the bytes to clear when it is called.</summary>
    /// <exception cref="LoadRefusedException">An access at r10 plus a constant lies outside the stack.</exception>
    public static void Measure(ProgramFunction function, BpfInstruction[] code, ProgramLoad load)
    {
        Span<bool> known = stackalloc bool[16];
        Span<int> offsets = stackalloc int[16];
        int depth = 0;
        bool escapes = false;
        bool calls = function.Calls.Count > 0;
        known.Clear();
        known[10] = true;
        for (int slot = function.FirstSlot; slot < function.EndSlot; slot++)
        {
            BpfInstruction i = code[slot];
            if (i.Class is BpfOpcode.Ldx or BpfOpcode.St or BpfOpcode.Stx)
            {
                bool load8 = i.Class == BpfOpcode.Ldx || InstructionRules.WritesDestination(i);
                int register = load8 ? i.Src : i.Dst;
                if (known[register])
                {
                    int at = offsets[register] + i.Offset;
                    if (register == 10 && (at >= 0 || at < -RunContext.StackSize || at + i.AccessSize > 0))
                        throw load.Refuse(Errno.EACCES, slot, $"invalid {(i.Class == BpfOpcode.Ldx ? "read from" : "write to")} stack R10 off={at} size={i.AccessSize}");
                    Reach(ref depth, at);
                }

                // A stack address stored somewhere may come back.
                if (i.Class == BpfOpcode.Stx && known[i.Src])
                    escapes = true;
            }

            Track(i, known, offsets, ref depth, ref escapes);
            if (i.IsLoadImm64)
                slot++;
            else if (i.IsJump || i.IsExit)
                Forget(known, ref escapes);
        }

        function.StackDepth = depth;
        bool mayReadMore = escapes || (calls && depth > 0) || load.Kernel.ClearsWholeStack;
        function.StackToClear = mayReadMore ? RunContext.StackSize : Math.Min(RunContext.StackSize, (depth + 7) & ~7);
    }

    private static void Track(BpfInstruction i, Span<bool> known, Span<int> offsets, ref int depth, ref bool escapes)
    {
        if (i.IsCall)
        {
            for (int r = 0; r <= 5; r++)
                known[r] = false;
            return;
        }

        if (i.Class is BpfOpcode.Alu64 or BpfOpcode.Alu)
        {
            if (i.Class == BpfOpcode.Alu64 && i.Operation == BpfOpcode.Mov && i.IsSourceRegister && i.Offset == 0)
            {
                known[i.Dst] = known[i.Src];
                offsets[i.Dst] = offsets[i.Src];
            }
            else if (i.Class == BpfOpcode.Alu64 && i.Operation == BpfOpcode.Add && !i.IsSourceRegister && known[i.Dst])
            {
                offsets[i.Dst] += i.Immediate;
                Reach(ref depth, offsets[i.Dst]);
            }
            else
            {
                if (i.Operation != BpfOpcode.Mov && (known[i.Dst] || (i.IsSourceRegister && known[i.Src])))
                    escapes = true;
                known[i.Dst] = false;
            }
        }
        else if (InstructionRules.WritesDestination(i))
        {
            known[i.Dst] = false;
        }
        else if (InstructionRules.WritesSource(i))
        {
            known[i.Src] = false;
        }

        known[10] = true;
        offsets[10] = 0;
    }

    // An address beyond the stack is no use of it; whoever accesses it gets a fault.
    private static void Reach(ref int depth, int offset)
    {
        if (offset < 0 && offset >= -RunContext.StackSize)
            depth = Math.Max(depth, -offset);
    }

    // What a register holds after a jump or at its target is not followed.
    private static void Forget(Span<bool> known, ref bool escapes)
    {
        for (int r = 0; r < 10; r++)
        {
            escapes |= known[r];
            known[r] = false;
        }
    }
}
