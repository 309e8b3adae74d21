namespace LibbpfSharp.Emulator;

/// <summary>Lists of an LRU map.</summary>
internal enum LruListKind : byte
{
    /// <summary>Used more than once.</summary>
    Active,

    /// <summary>Candidates for eviction.</summary>
    Inactive,

    /// <summary>Not in use.</summary>
    Free,

    /// <summary>Not in use, set aside for one CPU.</summary>
    LocalFree,

    /// <summary>Used by one CPU, not among the candidates yet.</summary>
    LocalPending,
}
