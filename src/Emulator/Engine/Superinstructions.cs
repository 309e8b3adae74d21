namespace LibbpfSharp.Emulator;

/// <summary>
/// Finds sequences that compilers emit all the time and that the interpreter runs in one step, for half of its time is
/// finding the next step. Only the code of the sequence's first op changes: the step reads the operands of the ops behind it,
/// which stay what they are, so a jump may still lead to any of them.
/// </summary>
internal static unsafe class Superinstructions
{
    /// <summary>Fills in <see cref="ProgramCode.FastOps"/>.</summary>
    public static void Fuse(ProgramCode code)
    {
        int count = code.Count;
        Op* fast = code.FastOps;
        Buffer.MemoryCopy(code.Ops, fast, (long)(count + 1) * sizeof(Op), (long)(count + 1) * sizeof(Op));
        Op* ops = code.Ops;
        for (int i = 0; i + 1 < count; i++)
        {
            OpCode fused = i + 2 < count ? FindThree(ops + i) : OpCode.Invalid;
            if (fused == OpCode.Invalid)
                fused = FindTwo(ops + i);
            if (fused != OpCode.Invalid)
                fast[i].Code = fused;
        }
    }

    private static OpCode FindThree(Op* op)
    {
        if (op->Code != OpCode.Mov64X || op[1].Dst != op->Dst)
            return OpCode.Invalid;
        byte d = op->Dst;
        switch (op[1].Code, op[2].Code)
        {
            case (OpCode.Add64K, OpCode.Add64X) when op[2].Dst == d && op[2].Src != d:
                return OpCode.MovAddKAddX64;
            case (OpCode.Add64K, OpCode.Jgt64X):
                return OpCode.MovAddKJgt64;
            case (OpCode.Lsh64K, OpCode.Xor64X) when op[2].Dst == d && op[2].Src != d:
                return OpCode.MovLshXor64;
            case (OpCode.Rsh64K, OpCode.Xor64X) when op[2].Dst == d && op[2].Src != d:
                return OpCode.MovRshXor64;
            default:
                return OpCode.Invalid;
        }
    }

    private static OpCode FindTwo(Op* op)
    {
        byte d = op->Dst;
        bool same = op[1].Dst == d;
        bool other = op[1].Src != d;
        return (op->Code, op[1].Code) switch
        {
            (OpCode.Mov64X, OpCode.Add64K) when same => OpCode.MovAddK64,
            (OpCode.Mov64X, OpCode.Add64X) when same && other => OpCode.MovAddX64,
            (OpCode.Mov64X, OpCode.Mov64X) => OpCode.MovMov64,
            (OpCode.Mov64X, OpCode.Jne64K) => OpCode.MovJneK64,
            (OpCode.Mov32X, OpCode.Mul32K) when same => OpCode.MovMulK32,
            (OpCode.Mov32X, OpCode.Add32X) when same && other => OpCode.MovAddX32,
            (OpCode.Mov32X, OpCode.Sub32X) when same && other => OpCode.MovSubX32,
            (OpCode.Mov32X, OpCode.Div32X) when same && other => OpCode.MovDivX32,
            (OpCode.Mov32X, OpCode.Mov32X) => OpCode.MovMov32,
            (OpCode.Mov32X, OpCode.Jgt32K) => OpCode.MovJgtK32,
            (OpCode.Add64X, OpCode.Mov64X) => OpCode.AddXMov64,
            (OpCode.Add64X, OpCode.Add64K) => OpCode.AddXAddK64,
            (OpCode.Add64K, OpCode.Jne64K) when same => OpCode.AddKJneK64,
            (OpCode.Add32K, OpCode.Mov32X) => OpCode.AddKMov32,
            (OpCode.Add32K, OpCode.Jeq32K) when same => OpCode.AddKJeqK32,
            (OpCode.Add32K, OpCode.Jne32K) when same => OpCode.AddKJneK32,
            (OpCode.Load8, OpCode.Jeq32K) when same => OpCode.Load8JeqK32,
            (OpCode.Load8, OpCode.Jne32K) when same => OpCode.Load8JneK32,
            _ => OpCode.Invalid,
        };
    }
}
