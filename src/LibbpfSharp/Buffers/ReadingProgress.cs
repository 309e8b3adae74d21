namespace LibbpfSharp;

/// <summary>What a reading loop looks at after each record: one place in memory, so that its registers are left for the records.</summary>
internal struct ReadingProgress
{
    /// <summary>Records handed over so far.</summary>
    public int Count;

    /// <summary>The most records.</summary>
    public int MaxRecords;

    /// <summary>Set by any thread: the reading ends after the record in hand.</summary>
    public bool IsStopped;

    /// <summary>Whether to end.</summary>
    public readonly bool IsOver => Count == MaxRecords || Volatile.Read(in IsStopped);
}
