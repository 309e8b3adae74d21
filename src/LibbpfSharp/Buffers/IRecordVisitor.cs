namespace LibbpfSharp;

/// <summary>What is done with a record: a structure that the reading loops are compiled for, so that nothing is allocated.</summary>
internal interface IRecordVisitor
{
    /// <summary>Takes a record, in place; it is valid during the call.</summary>
    /// <param name="cpu">The CPU of a perf buffer's record; 0 for a ring buffer.</param>
    /// <param name="record">Its bytes.</param>
    void Visit(int cpu, ReadOnlySpan<byte> record);
}
