using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>How far into its context a program reaches by constants (max_ctx_offset), which PROG_TEST_RUN demands to be given.</summary>
internal static class ContextUse
{
    public static uint Measure(ProgramLoad load, ProgramFunction main)
    {
        Span<bool> holds = stackalloc bool[16];
        Span<int> offsets = stackalloc int[16];
        holds.Clear();
        holds[1] = true;
        uint maximum = 0;
        for (int slot = main.FirstSlot; slot < main.EndSlot; slot++)
        {
            BpfInstruction i = load.Instructions[slot];
            if (i.Class is BpfOpcode.Ldx or BpfOpcode.St or BpfOpcode.Stx)
            {
                int register = i.Class == BpfOpcode.Ldx ? i.Src : i.Dst;
                int end = offsets[register] + i.Offset + i.AccessSize;
                if (holds[register] && end > 0)
                    maximum = Math.Max(maximum, (uint)end);
            }

            if (i.IsCall)
            {
                holds[..6].Clear();
            }
            else if (i.Opcode == (BpfOpcode.Alu64 | BpfOpcode.Mov | BpfOpcode.X) && i.Offset == 0)
            {
                holds[i.Dst] = holds[i.Src];
                offsets[i.Dst] = offsets[i.Src];
            }
            else if (i.Opcode == (BpfOpcode.Alu64 | BpfOpcode.Add | BpfOpcode.K))
            {
                offsets[i.Dst] += i.Immediate;
            }
            else if (InstructionRules.WritesDestination(i))
            {
                holds[i.Dst] = false;
            }

            if (i.IsLoadImm64)
                slot++;
        }

        return maximum;
    }
}
