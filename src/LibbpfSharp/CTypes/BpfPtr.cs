namespace LibbpfSharp.CTypes;

/// <summary>
/// A pointer in memory that BPF programs and user space share: 8 bytes on every machine. It is an address of the kernel's (or
/// the emulator's), not one that this process could follow.
/// </summary>
/// <param name="Address">The address.</param>
public readonly record struct BpfPtr(ulong Address)
{
    /// <summary>Whether it is NULL.</summary>
    public bool IsNull => Address == 0;

    /// <summary>The address in hexadecimal.</summary>
    /// <returns>For example <c>0xffff888100000000</c>.</returns>
    public override string ToString() => $"0x{Address:x}";
}
