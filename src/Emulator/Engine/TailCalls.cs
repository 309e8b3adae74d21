namespace LibbpfSharp.Emulator;

/// <summary>bpf_tail_call: another program takes over the frame.</summary>
internal static unsafe class TailCalls
{
    /// <summary>Tail calls that one run may make (MAX_TAIL_CALL_CNT).</summary>
    public const int Limit = 33;

    /// <summary>The program to go on with, or null to fall through to the next instruction.</summary>
    public static EmulatedProgram? Resolve(RunContext run, ulong map, ulong index)
    {
        EmulatedMap array = run.MapOf(map);
        uint slot = (uint)index;
        if (array.Type != BpfMapType.ProgArray)
            RunContext.FaultArgument($"bpf_tail_call needs a program array, and {array.Description} is none.");
        if (slot >= array.MaxEntries || run.TailCalls >= Limit || array.GetSlotObject((byte*)&slot) is not EmulatedProgram next)
            return null;
        run.TailCalls++;
        return next;
    }

    /// <summary>Puts the program into the innermost frame: r1 is the context, the stack is new.</summary>
    /// <returns>Its first op.</returns>
    public static Op* Enter(RunContext run, EmulatedProgram next, ulong* r)
    {
        run.ReplaceProgram(next);
        ProgramFunction main = next.Code.Functions[0];
        Frame* frame = (Frame*)r;
        frame->Function = 0;
        frame->MayGotoLeft = RunContext.MayGotoLimit;
        if (main.StackToClear > 0)
            new Span<byte>(run.StackOf(run.Depth) + RunContext.StackSize - main.StackToClear, main.StackToClear).Clear();
        r[0] = 0;
        r[2] = r[3] = r[4] = r[5] = r[6] = r[7] = r[8] = r[9] = 0;
        return (run.Diagnosis is null ? next.Code.FastOps : next.Code.Ops) + main.FirstOp;
    }
}
