namespace LibbpfSharp.Emulator;

/// <summary>
/// An argument of an event: a number, or bytes of a kernel object to which the program receives a pointer. Numbers convert
/// by themselves.
/// </summary>
public readonly struct EventArgument
{
    private EventArgument(ulong value, byte[]? memory, EventFile? file = null)
    {
        Value = value;
        Memory = memory;
        OpenFile = file;
    }

    internal ulong Value { get; }

    internal byte[]? Memory { get; }

    internal EventFile? OpenFile { get; }

    /// <summary>A pointer to a struct file of zeros whose path bpf_d_path gives.</summary>
    /// <param name="path">The file's path.</param>
    /// <returns>The argument.</returns>
    public static EventArgument File(string path)
    {
        const int StructureSize = 256;
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(0, new byte[StructureSize], new EventFile(path));
    }

    /// <summary>A pointer to a copy of these bytes, which the program may read while it runs.</summary>
    /// <param name="memory">The bytes, laid out as the kernel's BTF has the type.</param>
    /// <returns>The argument.</returns>
    public static EventArgument PointerTo(ReadOnlySpan<byte> memory) => new(0, memory.ToArray());

    /// <summary>A number as all 64 bits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator EventArgument(ulong value) => new(value, null);

    /// <summary>A signed number, extended to 64 bits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator EventArgument(long value) => new((ulong)value, null);

    /// <summary>A number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator EventArgument(int value) => new((ulong)(long)value, null);
}
