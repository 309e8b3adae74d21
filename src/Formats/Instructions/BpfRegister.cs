namespace LibbpfSharp.Formats.Instructions;

/// <summary>A register of the BPF machine (RFC 9669, section 2.1).</summary>
public enum BpfRegister : byte
{
    /// <summary>Result of calls and of the program.</summary>
    R0 = 0,

    /// <summary>First argument; the program's context at its start.</summary>
    R1 = 1,

    /// <summary>Second argument.</summary>
    R2 = 2,

    /// <summary>Third argument.</summary>
    R3 = 3,

    /// <summary>Fourth argument.</summary>
    R4 = 4,

    /// <summary>Fifth argument.</summary>
    R5 = 5,

    /// <summary>Kept over calls.</summary>
    R6 = 6,

    /// <summary>Kept over calls.</summary>
    R7 = 7,

    /// <summary>Kept over calls.</summary>
    R8 = 8,

    /// <summary>Kept over calls.</summary>
    R9 = 9,

    /// <summary>End of the stack frame; read-only.</summary>
    R10 = 10,
}
