using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Tests.Conformance.Opcodes;

/// <summary>One instruction: how to apply it to r6 and r7, leaving the result in r6, and what the result must be.</summary>
/// <param name="Name">The instruction as the verifier prints it.</param>
/// <param name="Emit">Adds it to a program, in which r0 to r5 and the 8 bytes below r10 are free.</param>
/// <param name="Expected">The result for two operands.</param>
internal sealed record OpcodeCase(string Name, Action<BpfAssembler> Emit, Func<ulong, ulong, ulong> Expected);
