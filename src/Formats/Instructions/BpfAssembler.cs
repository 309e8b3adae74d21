namespace LibbpfSharp.Formats.Instructions;

/// <summary>
/// Builds a program from instructions. Methods return the same builder, so calls can be chained; jumps, subprogram calls and
/// function addresses name labels, which may be defined later. <see cref="Build"/> can be called repeatedly.
/// </summary>
/// <example>
/// <code>
/// BpfInstruction[] program = new BpfAssembler()
///     .Load(BpfSize.Word, BpfRegister.R0, BpfRegister.R1, 0)
///     .Jne(BpfRegister.R0, 0, "out")
///     .Mov(BpfRegister.R0, 1)
///     .Label("out")
///     .Exit()
///     .Build();
/// </code>
/// </example>
public sealed partial class BpfAssembler
{
    private readonly List<BpfInstruction> _instructions = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<Fixup> _fixups = [];

    private enum FixupKind
    {
        Offset,
        Immediate,
    }

    /// <summary>Number of slots so far: the index of the next instruction.</summary>
    public int Count => _instructions.Count;

    /// <summary>Names the position of the next instruction.</summary>
    /// <param name="name">Name, once per program.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is empty or was given to another position.</exception>
    public BpfAssembler Label(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_labels.TryAdd(name, Count))
            throw new ArgumentException($"Label '{name}' is defined twice: at instruction {_labels[name]} and at {Count}.", nameof(name));
        return this;
    }

    /// <summary>Adds an instruction as it is.</summary>
    /// <param name="instruction">The instruction, or one slot of it.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Emit(BpfInstruction instruction)
    {
        _instructions.Add(instruction);
        return this;
    }

    /// <summary>Adds instructions as they are.</summary>
    /// <param name="instructions">The instructions.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Emit(params ReadOnlySpan<BpfInstruction> instructions)
    {
        _instructions.AddRange(instructions);
        return this;
    }

    /// <summary>The program, with all labels resolved.</summary>
    /// <returns>The instructions.</returns>
    /// <exception cref="InvalidOperationException">A label is not defined, lies behind the last instruction, or is too far away for the jump.</exception>
    public BpfInstruction[] Build()
    {
        BpfInstruction[] program = [.. _instructions];
        foreach (Fixup fixup in _fixups)
        {
            BpfInstruction instruction = program[fixup.Index];
            if (!_labels.TryGetValue(fixup.Label, out int target))
                throw new InvalidOperationException($"Label '{fixup.Label}' is not defined; instruction {fixup.Index} ({instruction}) refers to it.");
            if (target >= program.Length)
                throw new InvalidOperationException($"Label '{fixup.Label}' lies behind the last instruction; instruction {fixup.Index} ({instruction}) refers to it.");

            int distance = target - fixup.Index - 1;
            if (fixup.Kind == FixupKind.Immediate)
                program[fixup.Index] = instruction.WithImmediate(distance);
            else if (distance is >= short.MinValue and <= short.MaxValue)
                program[fixup.Index] = instruction.WithOffset((short)distance);
            else
                throw new InvalidOperationException(
                    $"Label '{fixup.Label}' is {distance} instructions away from instruction {fixup.Index} ({instruction}), "
                    + $"which reaches {short.MinValue} to {short.MaxValue}; jump over a {nameof(JaLong)}.");
        }

        return program;
    }

    private static byte Check(BpfRegister register, string parameter) =>
        register <= BpfRegister.R10 ? (byte)register : throw new ArgumentOutOfRangeException(parameter, register, "BPF has the registers R0 to R10.");

    private BpfAssembler Put(int opcode, BpfRegister dst, BpfRegister src, int offset, int immediate) =>
        Emit(new BpfInstruction((byte)opcode, Check(dst, nameof(dst)), Check(src, nameof(src)), (short)offset, immediate));

    private BpfAssembler AddPseudo(int opcode, BpfRegister dst, byte pseudo, int offset, int immediate) =>
        Emit(new BpfInstruction((byte)opcode, Check(dst, nameof(dst)), pseudo, (short)offset, immediate));

    private BpfAssembler Refer(string label, FixupKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        _fixups.Add(new(Count, label, kind));
        return this;
    }

    private readonly record struct Fixup(int Index, string Label, FixupKind Kind);
}
