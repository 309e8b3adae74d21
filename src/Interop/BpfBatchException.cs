namespace LibbpfSharp;

/// <summary>A batch stopped at an element that failed. The elements before it were done, and stay done.</summary>
public sealed class BpfBatchException : BpfException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="errno">The positive errno of the element that failed.</param>
    /// <param name="operation">The batch command.</param>
    /// <param name="subject">The map.</param>
    /// <param name="completed">Elements done before the failure.</param>
    /// <param name="requested">Elements asked for.</param>
    /// <param name="remedy">What to do about it.</param>
    public BpfBatchException(BpfErrno errno, string operation, string? subject, int completed, int requested, string? remedy)
        : base(errno, operation, subject, Compose(completed, requested, remedy))
    {
        Completed = completed;
        Requested = requested;
    }

    /// <summary>Elements done before the one that failed, whose index this therefore is.</summary>
    public int Completed { get; }

    /// <summary>Elements asked for.</summary>
    public int Requested { get; }

    private static string Compose(int completed, int requested, string? remedy)
    {
        string text = $"{completed} of {requested} elements were done before it stopped.";
        return remedy is null ? text : $"{text} {remedy}";
    }
}
