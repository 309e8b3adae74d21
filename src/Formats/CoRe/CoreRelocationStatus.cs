namespace LibbpfSharp.Formats.CoRe;

/// <summary>What came of a CO-RE relocation.</summary>
public enum CoreRelocationStatus
{
    /// <summary>The target has what is asked (or the question, such as existence, has an answer).</summary>
    Resolved,

    /// <summary>The target does not have it: the instruction becomes an invalid one, which only matters if the program can reach it.</summary>
    Poisoned,

    /// <summary>The relocation is malformed, does not fit its instruction, or is ambiguous: the object cannot be loaded.</summary>
    Failed,
}
