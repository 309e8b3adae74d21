namespace LibbpfSharp.Formats.Instructions;

/// <summary>The condition of a jump, as the opcode has it.</summary>
public enum BpfJumpCondition : byte
{
    /// <summary>Equal.</summary>
    Equal = BpfOpcode.Jeq,

    /// <summary>Not equal.</summary>
    NotEqual = BpfOpcode.Jne,

    /// <summary>Greater, unsigned.</summary>
    Greater = BpfOpcode.Jgt,

    /// <summary>Greater or equal, unsigned.</summary>
    GreaterOrEqual = BpfOpcode.Jge,

    /// <summary>Less, unsigned.</summary>
    Less = BpfOpcode.Jlt,

    /// <summary>Less or equal, unsigned.</summary>
    LessOrEqual = BpfOpcode.Jle,

    /// <summary>Greater, signed.</summary>
    SignedGreater = BpfOpcode.Jsgt,

    /// <summary>Greater or equal, signed.</summary>
    SignedGreaterOrEqual = BpfOpcode.Jsge,

    /// <summary>Less, signed.</summary>
    SignedLess = BpfOpcode.Jslt,

    /// <summary>Less or equal, signed.</summary>
    SignedLessOrEqual = BpfOpcode.Jsle,

    /// <summary>Any bit set in both.</summary>
    BitsSet = BpfOpcode.Jset,
}
