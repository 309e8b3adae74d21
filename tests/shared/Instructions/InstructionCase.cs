using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Instructions;

/// <summary>A program without context or maps, and what it leaves in r0.</summary>
internal sealed record InstructionCase(string Name, BpfInstruction[] Program, ulong Result)
{
    /// <summary>The same program ending with both halves of r0 folded into the lower one, for return values of 32 bits.</summary>
    public BpfInstruction[] Folding
    {
        get
        {
            // Only the main function's exits fold; it comes first and has one exit, as its last instruction before a subprogram.
            int exit = Array.FindIndex(Program, i => i.IsExit);
            bool simple = Array.TrueForAll(Program, i => !i.IsPseudoCall) && exit == Program.Length - 1;
            if (!simple)
                return Program;
            return [.. Program[..exit], .. new BpfAssembler().Mov(R6, R0).Rsh(R6, 32).Mov32(R7, 31).Mul32(R6, R7).Xor32(R0, R6).Exit().Build()];
        }
    }

    /// <summary>What <see cref="Folding"/> returns.</summary>
    public uint Folded => Array.TrueForAll(Program, i => !i.IsPseudoCall) ? (uint)Result ^ ((uint)(Result >> 32) * 31) : (uint)Result;
}
