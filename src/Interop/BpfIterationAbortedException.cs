namespace LibbpfSharp;

/// <summary>
/// A walk over a map gave more elements than the map can hold: the key it stood on was deleted meanwhile, and the
/// kernel answers such a key with the first one. The elements seen so far may contain some twice.
/// </summary>
public sealed class BpfIterationAbortedException : BpfException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="subject">The map.</param>
    /// <param name="maxEntries">How many elements it can hold.</param>
    public BpfIterationAbortedException(string subject, uint maxEntries)
        : base(
            BpfErrno.EAGAIN,
            "iteration",
            subject,
            $"The walk gave more than max_entries ({maxEntries}) elements, because others deleted keys that it stood on and it started over: walk again, or read the map when it is quiet.")
    {
    }
}
