namespace LibbpfSharp.Formats.Instructions;

/// <summary>An arithmetic operation of two operands, as the opcode has it.</summary>
public enum BpfAluOperation : byte
{
    /// <summary>Addition.</summary>
    Add = BpfOpcode.Add,

    /// <summary>Subtraction.</summary>
    Sub = BpfOpcode.Sub,

    /// <summary>Multiplication.</summary>
    Mul = BpfOpcode.Mul,

    /// <summary>Unsigned division; by zero gives 0.</summary>
    Div = BpfOpcode.Div,

    /// <summary>Or.</summary>
    Or = BpfOpcode.Or,

    /// <summary>And.</summary>
    And = BpfOpcode.And,

    /// <summary>Shift left.</summary>
    Lsh = BpfOpcode.Lsh,

    /// <summary>Logical shift right.</summary>
    Rsh = BpfOpcode.Rsh,

    /// <summary>Unsigned remainder; by zero leaves the dividend.</summary>
    Mod = BpfOpcode.Mod,

    /// <summary>Exclusive or.</summary>
    Xor = BpfOpcode.Xor,

    /// <summary>Move.</summary>
    Mov = BpfOpcode.Mov,

    /// <summary>Shift right that keeps the sign.</summary>
    Arsh = BpfOpcode.Arsh,
}
