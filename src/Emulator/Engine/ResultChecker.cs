using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Checks results that are constant where they are returned: of callbacks, which must be 0 or 1, and of programs whose type
/// demands a range.
/// </summary>
internal static class ResultChecker
{
    public static void Check(ProgramLoad load, ProgramCode code)
    {
        var targets = JumpTargets(load.Instructions);
        foreach (ProgramFunction function in code.Functions)
        {
            (int Minimum, int Maximum)? range = function.IsCallback ? (0, 1) : function.Index == 0 ? load.Kind.ReturnRange(load.ExpectedAttachType) : null;
            if (range is not { } allowed)
                continue;
            for (int slot = function.FirstSlot; slot < function.EndSlot; slot++)
            {
                if (!load.Instructions[slot].IsExit || FindConstant(load.Instructions, targets, function, slot) is not { } result)
                    continue;
                if (result < allowed.Minimum || result > allowed.Maximum)
                {
                    string where = function.IsCallback ? "At callback return" : "At program exit";
                    throw load.Refuse(
                        Errno.EINVAL, slot,
                        $"{where} the register R0 has smin={result} smax={result} should have been in [{allowed.Minimum}, {allowed.Maximum}]");
                }
            }
        }
    }

    // The constant in r0 at an exit, if the instructions before it that nothing jumps past set it.
    private static long? FindConstant(BpfInstruction[] code, bool[] targets, ProgramFunction function, int exit)
    {
        for (int slot = exit - 1; slot >= function.FirstSlot; slot--)
        {
            if (targets[slot + 1])
                return null;
            BpfInstruction i = code[slot];
            if (i.IsJump || i.IsCall || i.IsExit || i.Opcode == 0)
                return null;
            if (i.Dst != 0 || !InstructionRules.WritesDestination(i))
                continue;
            return i.Opcode switch
            {
                (BpfOpcode.Alu64 | BpfOpcode.Mov | BpfOpcode.K) => i.Immediate,
                (BpfOpcode.Alu | BpfOpcode.Mov | BpfOpcode.K) => (uint)i.Immediate,
                _ => null,
            };
        }

        return null;
    }

    private static bool[] JumpTargets(BpfInstruction[] code)
    {
        var targets = new bool[code.Length + 1];
        for (int slot = 0; slot < code.Length; slot++)
        {
            BpfInstruction i = code[slot];
            if (i.IsJump)
                targets[slot + 1 + (i.Opcode == (BpfOpcode.Jmp32 | BpfOpcode.Ja) ? i.Immediate : i.Offset)] = true;
            if (i.IsLoadImm64)
                slot++;
        }

        return targets;
    }
}
