namespace LibbpfSharp.CTypes;

/// <summary>A <see cref="BpfPtr"/> that says what it points to.</summary>
/// <typeparam name="T">What it points to.</typeparam>
/// <param name="Address">The address.</param>
public readonly record struct BpfPtr<T>(ulong Address)
    where T : unmanaged
{
    /// <summary>Whether it is NULL.</summary>
    public bool IsNull => Address == 0;

    /// <summary>Forgets what it points to.</summary>
    /// <param name="pointer">The pointer.</param>
    public static implicit operator BpfPtr(BpfPtr<T> pointer) => new(pointer.Address);

    /// <summary>The address in hexadecimal.</summary>
    /// <returns>For example <c>0xffff888100000000</c>.</returns>
    public override string ToString() => $"0x{Address:x}";
}
