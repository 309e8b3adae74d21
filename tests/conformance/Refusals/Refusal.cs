using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Tests.Conformance.Refusals;

/// <summary>A program that no kernel takes.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Code">Its instructions, given the descriptors of the kernel that is to refuse it.</param>
/// <param name="Type">Program type.</param>
internal sealed record Refusal(string Name, Func<RefusalMachine, BpfInstruction[]> Code, BpfProgramType Type = BpfProgramType.SocketFilter)
{
    public BpfAttachType Attach { get; init; }

    public string License { get; init; } = "GPL";

    public uint Flags { get; init; }

    /// <summary>Function of the kernel to attach to; empty for none.</summary>
    public string Target { get; init; } = "";

    public override string ToString() => Name;
}
