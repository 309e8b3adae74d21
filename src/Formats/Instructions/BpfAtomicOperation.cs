namespace LibbpfSharp.Formats.Instructions;

/// <summary>The operation of an atomic instruction, its immediate (RFC 9669, section 5.3).</summary>
public enum BpfAtomicOperation
{
    /// <summary>Add to memory.</summary>
    Add = 0x00,

    /// <summary>Or into memory.</summary>
    Or = 0x40,

    /// <summary>And into memory.</summary>
    And = 0x50,

    /// <summary>Exclusive or into memory.</summary>
    Xor = 0xa0,

    /// <summary>Add to memory; the source register receives the old value.</summary>
    FetchAdd = 0x01,

    /// <summary>Or into memory; the source register receives the old value.</summary>
    FetchOr = 0x41,

    /// <summary>And into memory; the source register receives the old value.</summary>
    FetchAnd = 0x51,

    /// <summary>Exclusive or into memory; the source register receives the old value.</summary>
    FetchXor = 0xa1,

    /// <summary>Exchange the source register with memory.</summary>
    Exchange = 0xe1,

    /// <summary>Store the source register if memory equals R0; R0 receives the old value.</summary>
    CompareExchange = 0xf1,

    /// <summary>Load with acquire ordering (Linux 6.15): the destination register receives memory at the source register.</summary>
    LoadAcquire = 0x100,

    /// <summary>Store with release ordering (Linux 6.15).</summary>
    StoreRelease = 0x110,
}
