using System.Buffers.Binary;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>Puts a relocation's value into its instruction.</summary>
internal static class CorePatcher
{
    /// <summary>The helper id that marks a poisoned instruction, as in libbpf and the kernel: 0xbad2310, "bad relo".</summary>
    public const int PoisonHelperId = 195896080;

    private const int InstructionSize = 8;
    private const byte WideLoad = 0x18; // BPF_LD | BPF_IMM | BPF_DW
    private const byte Call = 0x85; // BPF_JMP | BPF_CALL

    /// <summary>Patches or poisons.</summary>
    /// <returns>The result, downgraded if the instruction does not allow it.</returns>
    public static CoreRelocationResult Patch(CoreRelocationResult result, Span<byte> instructions, int index)
    {
        if (index < 0 || index >= instructions.Length / InstructionSize)
            return Fail(result, $"it is for instruction {index} of {instructions.Length / InstructionSize}.");
        Span<byte> instruction = instructions[(index * InstructionSize)..];
        if (result.Status == CoreRelocationStatus.Poisoned)
        {
            Poison(instruction);
            return result;
        }

        if (result.Status != CoreRelocationStatus.Resolved)
            return result;
        return (instruction[0] & 7) switch
        {
            4 or 7 => PatchImmediate(result, instruction),
            1 or 2 or 3 => PatchOffset(result, instruction),
            0 => PatchWide(result, instruction),
            _ => Fail(result, $"an instruction with opcode 0x{instruction[0]:x2} takes no relocation."),
        };
    }

    private static CoreRelocationResult PatchImmediate(CoreRelocationResult result, Span<byte> instruction)
    {
        if ((instruction[0] & 8) != 0)
            return Fail(result, $"the instruction with opcode 0x{instruction[0]:x2} has no immediate operand.");
        int immediate = BinaryPrimitives.ReadInt32LittleEndian(instruction[4..]);
        if (result.Exact && (ulong)immediate != result.LocalValue)
            return Fail(result, $"the instruction holds {immediate} where {(long)result.LocalValue} was expected.");
        BinaryPrimitives.WriteInt32LittleEndian(instruction[4..], (int)result.TargetValue);
        return result;
    }

    private static CoreRelocationResult PatchOffset(CoreRelocationResult result, Span<byte> instruction)
    {
        short offset = BinaryPrimitives.ReadInt16LittleEndian(instruction[2..]);
        if (result.Exact && (ulong)offset != result.LocalValue)
            return Fail(result, $"the instruction's offset is {offset} where {(long)result.LocalValue} was expected.");
        if (result.TargetValue > (ulong)short.MaxValue)
            return Fail(result, $"the offset {result.TargetValue} does not fit into a load or store, whose largest is {short.MaxValue}. Read the field with BPF_CORE_READ.");
        if (result.SizeMismatch)
        {
            Poison(instruction);
            return result with
            {
                Status = CoreRelocationStatus.Poisoned,
                TargetValue = 0,
                Problem = $"the field has {result.NewAccessSize} bytes in the target and {result.OldAccessSize} in the object; only pointers and unsigned integers can be accessed with another size.",
            };
        }

        if (result.NewAccessSize != result.OldAccessSize)
        {
            int was = (instruction[0] >> 3 & 3) switch { 0 => 4, 1 => 2, 2 => 1, _ => 8 };
            if (was != result.OldAccessSize)
                return Fail(result, $"the instruction accesses {was} bytes where {result.OldAccessSize} were expected.");
            int bits = result.NewAccessSize switch { 4 => 0, 2 => 1, 1 => 2, 8 => 3, _ => -1 };
            if (bits < 0)
                return Fail(result, $"the field has {result.NewAccessSize} bytes in the target, which no load or store has.");
            instruction[0] = (byte)((instruction[0] & ~0x18) | (bits << 3));
        }

        BinaryPrimitives.WriteInt16LittleEndian(instruction[2..], (short)result.TargetValue);
        return result;
    }

    private static CoreRelocationResult PatchWide(CoreRelocationResult result, Span<byte> instruction)
    {
        if (instruction[0] != WideLoad || instruction.Length < 2 * InstructionSize
            || (instruction[1] >> 4) != 0 || instruction[2] != 0 || instruction[3] != 0 || instruction[8..12].IndexOfAnyExcept((byte)0) >= 0)
            return Fail(result, "the instruction is not a plain 64-bit load of an immediate.");
        ulong immediate = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(instruction[12..]) << 32);
        if (result.Exact && immediate != result.LocalValue)
            return Fail(result, $"the instruction holds {immediate} where {result.LocalValue} was expected.");
        BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], (uint)result.TargetValue);
        BinaryPrimitives.WriteUInt32LittleEndian(instruction[12..], (uint)(result.TargetValue >> 32));
        return result;
    }

    private static void Poison(Span<byte> instruction)
    {
        // The second half of a wide load too, or the verifier would complain about that instead.
        if (instruction[0] == WideLoad && instruction.Length >= 2 * InstructionSize)
            PoisonOne(instruction[InstructionSize..]);
        PoisonOne(instruction);
    }

    private static void PoisonOne(Span<byte> instruction)
    {
        instruction[..InstructionSize].Clear();
        instruction[0] = Call;
        BinaryPrimitives.WriteInt32LittleEndian(instruction[4..], PoisonHelperId);
    }

    private static CoreRelocationResult Fail(CoreRelocationResult result, string problem) =>
        result with { Status = CoreRelocationStatus.Failed, TargetValue = 0, Problem = problem };
}
