using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Which registers an instruction reads and writes, a bit each.</summary>
internal static unsafe class RegisterUse
{
    public static int ReadsOf(RunContext run, BpfInstruction i)
    {
        int dst = 1 << i.Dst;
        int src = 1 << i.Src;
        switch (i.Class)
        {
            case BpfOpcode.Alu or BpfOpcode.Alu64:
                int operands = i.IsSourceRegister && i.Operation != BpfOpcode.End ? src : 0;

                // xor r, r is how a register is made zero.
                if (i.Operation is BpfOpcode.Xor or BpfOpcode.Sub && i.IsSourceRegister && i.Src == i.Dst)
                    return 0;
                return i.Operation == BpfOpcode.Mov ? operands : operands | dst;
            case BpfOpcode.Ldx:
                return src;
            case BpfOpcode.St:
                return dst;
            case BpfOpcode.Stx:
                if (i.Mode == BpfOpcode.Atomic && (BpfAtomicOperation)i.Immediate == BpfAtomicOperation.LoadAcquire)
                    return src;
                bool exchange = i.Mode == BpfOpcode.Atomic && (BpfAtomicOperation)i.Immediate == BpfAtomicOperation.CompareExchange;
                return dst | src | (exchange ? 1 : 0);
            case BpfOpcode.Ld:
                return i.Mode == BpfOpcode.Ind ? src : 0;
            default:
                if (i.IsExit)
                    return run.Frames[run.Depth].Return == null && run.Depth > 0 ? 0 : 1;
                if (i.IsHelperCall)
                    return HelperArguments(run, i.Immediate);
                if (i.IsCall || i.Operation is BpfOpcode.Ja || i.Opcode == (BpfOpcode.Jmp | BpfOpcode.Jcond))
                    return i.Opcode == (BpfOpcode.Jmp | BpfOpcode.Call | BpfOpcode.X) ? dst : 0;
                return i.IsSourceRegister ? dst | src : dst;
        }
    }

    public static int WritesOf(BpfInstruction i)
    {
        if (InstructionRules.WritesDestination(i))
            return 1 << i.Dst;
        if (InstructionRules.WritesSource(i))
            return 1 << i.Src;
        bool setsResult = (i.Class == BpfOpcode.Ld && !i.IsLoadImm64)
            || (i.Class == BpfOpcode.Stx && i.Mode == BpfOpcode.Atomic && (BpfAtomicOperation)i.Immediate == BpfAtomicOperation.CompareExchange);
        return setsResult ? 1 : 0;
    }

    private static int HelperArguments(RunContext run, int id)
    {
        HelperDescriptor? helper = run.Kernel.Helpers.Find(id);
        if (helper is null || helper.Registered is not null)
            return 0;
        int reads = 0;
        for (int a = 0; a < helper.Arguments.Count; a++)
        {
            if (helper.Arguments[a] != ArgumentKind.None)
                reads |= 1 << (a + 1);
        }

        // The arguments of a format are as many as it needs.
        const int TracePrintk = 6;
        return id == TracePrintk ? reads & 0b110 : reads;
    }
}
