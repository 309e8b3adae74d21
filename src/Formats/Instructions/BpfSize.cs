namespace LibbpfSharp.Formats.Instructions;

/// <summary>The size of a memory access, as the opcode has it.</summary>
public enum BpfSize : byte
{
    /// <summary>1 byte.</summary>
    Byte = BpfOpcode.B,

    /// <summary>2 bytes.</summary>
    Half = BpfOpcode.H,

    /// <summary>4 bytes.</summary>
    Word = BpfOpcode.W,

    /// <summary>8 bytes.</summary>
    DoubleWord = BpfOpcode.DW,
}
