namespace LibbpfSharp.Emulator;

/// <summary>
/// Where a walk over the elements of a map is (<see cref="EmulatedMap.NextElement"/>). Valid only while the thread stays
/// inside the gate: it holds the address of the element to visit next.
/// </summary>
internal unsafe struct MapElementCursor
{
    /// <summary>Bucket or index to go on with.</summary>
    public ulong Position;

    /// <summary>The element after the one visited last, looked up before that one was visited; null to go on with the next bucket.</summary>
    public byte* Next;

    /// <summary>True once <see cref="Next"/> belongs to bucket <see cref="Position"/>.</summary>
    public bool InBucket;

    /// <summary>Where array maps keep the key they show.</summary>
    public uint Index;
}
