using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <summary>The wrong programs, by what is wrong.</summary>
internal static partial class Refusals
{
    private static readonly BpfInstruction s_exit = Raw(0x95);
    private static readonly BpfInstruction s_zero = Raw(0xb7);

    /// <summary>A program that every kernel takes.</summary>
    public static BpfInstruction[] Fine => [s_zero, s_exit];

    public static IReadOnlyList<Refusal> All { get; } = [.. Instructions(), .. Shapes(), .. Calls(), .. Results(), .. Loads()];

    private static BpfInstruction Raw(byte opcode, byte dst = 0, byte src = 0, short offset = 0, int immediate = 0) => new(opcode, dst, src, offset, immediate);

    // The instruction in question with r0 set before and an exit behind.
    private static Refusal One(string name, BpfInstruction instruction, BpfProgramType type = BpfProgramType.SocketFilter) =>
        new(name, _ => [s_zero, instruction, s_exit], type);

    private static Refusal Raw(string name, params BpfInstruction[] code) => new(name, _ => code);

    private static Refusal Assembled(string name, Action<BpfAssembler, RefusalMachine> write, BpfProgramType type = BpfProgramType.SocketFilter) =>
        new(
            name,
            machine =>
            {
                var code = new BpfAssembler();
                write(code, machine);
                return code.Build();
            },
            type);
}
