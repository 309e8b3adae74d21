namespace LibbpfSharp.Emulator;

/// <summary>A field of a context, or an array of equal ones, and who may touch it how.</summary>
/// <param name="Name">Name in the uapi.</param>
/// <param name="Offset">Offset in bytes.</param>
/// <param name="Size">Size of one element in bytes: what a load or store has by default.</param>
/// <param name="Access">What is allowed.</param>
internal readonly record struct EventField(string Name, uint Offset, uint Size, EventAccess Access = EventAccess.None)
{
    /// <summary>Number of elements.</summary>
    public uint Count { get; init; } = 1;

    /// <summary>Attach types for which the field exists; empty for all.</summary>
    public BpfAttachType[] Only { get; init; } = [];

    /// <summary>Attach types for which the field may be written; empty for all.</summary>
    public BpfAttachType[] WritableFor { get; init; } = [];

    public uint End => Offset + (Size * Count);
}
