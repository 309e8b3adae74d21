using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>
/// A type that attaches by the kernel's BTF: its context holds pointers to kernel structures, and Linux reads through such
/// pointers, and those found behind them, with fault handling: NULL gives 0.
/// </summary>
internal unsafe class TracedKind(BpfProgramType type, string name) : PlainKind(type, name, 0)
{
    private const ulong FirstMappedAddress = 0x10000;

    public override bool TryProbeLoad(RunContext run, ulong address, int size, out ulong value)
    {
        value = 0;
        if (address >= FirstMappedAddress)
            return false;
        ProgramCode code = run.Program.Code;
        int op = code.IndexOf(run.Frames[run.Depth].Current);
        return op >= 0 && IsLoadedPointer(code, code.Slots[op]);
    }

    public override (int Minimum, int Maximum)? ReturnRange(BpfAttachType expectedAttachType) => (Type, expectedAttachType) switch
    {
        (BpfProgramType.Tracing, BpfAttachType.TraceFentry or BpfAttachType.TraceFexit) => (0, 0),
        (BpfProgramType.Tracing, BpfAttachType.TraceIter) => (0, 1),
        _ => null,
    };

    // Whether the base of a load was itself loaded from memory. What a helper returned is no such pointer: NULL there is the
    // missing check that the verifier looks for.
    private static bool IsLoadedPointer(ProgramCode code, int slot)
    {
        byte register = code.Instructions[slot].Src;
        int first = code.FunctionAt(slot).FirstSlot;
        for (int at = slot - 1; at >= first; at--)
        {
            BpfInstruction i = code.Instructions[at];
            if (i.IsCall)
            {
                if (register == 0)
                    return false;
                continue;
            }

            if (i.Opcode == 0 || i.IsJump || i.IsExit || i.Dst != register || !InstructionRules.WritesDestination(i))
                continue;
            if (i.Opcode == (BpfOpcode.Ldx | BpfOpcode.Mem | BpfOpcode.DW))
            {
                if (i.Src != 10)
                    return true;

                // Filled from the stack: what was spilled there?
                int spill = at - 1;
                while (spill >= first && !(code.Instructions[spill].Opcode == (BpfOpcode.Stx | BpfOpcode.Mem | BpfOpcode.DW)
                    && code.Instructions[spill].Dst == 10 && code.Instructions[spill].Offset == i.Offset))
                    spill--;
                if (spill < first)
                    return false;
                register = code.Instructions[spill].Src;
                at = spill;
                continue;
            }

            if (i.Opcode == (BpfOpcode.Alu64 | BpfOpcode.Mov | BpfOpcode.X))
                register = i.Src;
            else if (i.Opcode != (BpfOpcode.Alu64 | BpfOpcode.Add | BpfOpcode.K))
                return false;
        }

        return false;
    }
}
