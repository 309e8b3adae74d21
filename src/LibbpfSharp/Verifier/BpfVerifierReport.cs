namespace LibbpfSharp;

/// <summary>What a verifier log says, in parts. Parts that the log does not have are null.</summary>
public sealed record BpfVerifierReport
{
    /// <summary>The verifier's own sentence, such as "R1 invalid mem access 'scalar'".</summary>
    public string? Reason { get; init; }

    /// <summary>Category of the refusal, such as "Register Type Safety: Unreadable register" (Linux 7.3 and newer).</summary>
    public string? Category { get; init; }

    /// <summary>The verifier's longer explanation (Linux 7.3 and newer).</summary>
    public string? Explanation { get; init; }

    /// <summary>Number of the instruction that was refused.</summary>
    public int? FailingInstruction { get; init; }

    /// <summary>That instruction as the verifier prints it, such as "(61) r1 = *(u32 *)(r0 +0)".</summary>
    public string? InstructionText { get; init; }

    /// <summary>The line of C that it was compiled from.</summary>
    public string? SourceText { get; init; }

    /// <summary>File of that line.</summary>
    public string? SourceFile { get; init; }

    /// <summary>Number of that line in the file, from 1.</summary>
    public int? SourceLine { get; init; }

    /// <summary>How many instructions the verifier walked through.</summary>
    public long? InstructionsProcessed { get; init; }

    /// <summary>What to do about it, where the cause is known: the kernel's own suggestion, or this library's.</summary>
    public string? Hint { get; init; }
}
