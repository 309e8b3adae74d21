namespace LibbpfSharp;

/// <summary>A visitor that keeps the record.</summary>
/// <typeparam name="TItem">What it makes of it.</typeparam>
internal interface IRecordTaker<out TItem> : IRecordVisitor
{
    /// <summary>The last record.</summary>
    TItem Item { get; }
}
