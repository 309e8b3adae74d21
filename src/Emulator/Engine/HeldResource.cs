namespace LibbpfSharp.Emulator;

/// <summary>Something that a program must give back before it ends.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Address">Guest address by which the program gives it back; 0 for things without one.</param>
/// <param name="Description">Words for messages: "a ring buffer record of map events".</param>
/// <param name="Object">The thing itself, for the helper that gives it back.</param>
/// <param name="TakeBack">Takes it back when the run ends without; must not throw. A static lambda, so that nothing is allocated.</param>
internal readonly record struct HeldResource(
    HeldKind Kind, ulong Address, string Description, object? Object, Action<RunContext, HeldResource>? TakeBack)
{
    /// <summary>The instruction that took it; -1 if unknown. Filled in by <see cref="RunContext.Hold"/>.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>A number that goes with it (flags, an offset).</summary>
    public ulong Data { get; init; }
}
