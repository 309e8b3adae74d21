namespace LibbpfSharp;

/// <summary>
/// A call to the kernel, or a check made before it, failed. The message names the operation, the object, the errno
/// and, where the cause is known, what to do about it. A missing key is never an exception.
/// </summary>
public class BpfException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="errno">The positive errno.</param>
    /// <param name="operation">What was tried, such as "BPF_MAP_UPDATE_ELEM" or "attach".</param>
    /// <param name="subject">The map, program or target concerned, such as "map 'counts'"; null if none.</param>
    /// <param name="remedy">What to do about it, a sentence; null if nothing is known.</param>
    /// <param name="innerException">The cause, if another exception is.</param>
    public BpfException(BpfErrno errno, string operation, string? subject = null, string? remedy = null, Exception? innerException = null)
        : base(Compose(errno, operation, subject, remedy), innerException)
    {
        Errno = errno;
        Operation = operation;
        Subject = subject;
        Remedy = remedy;
    }

    /// <summary>The kernel's error, or the one libbpf gives for the same mistake.</summary>
    public BpfErrno Errno { get; }

    /// <summary>What was tried.</summary>
    public string Operation { get; }

    /// <summary>The map, program or target concerned.</summary>
    public string? Subject { get; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; }

    private static string Compose(BpfErrno errno, string operation, string? subject, string? remedy)
    {
        string text = subject is null ? operation : $"{subject}: {operation}";
        text += $" failed: {BpfErrnoText.Name(errno)} ({BpfErrnoText.Describe(errno)}).";
        return remedy is null ? text : $"{text} {remedy}";
    }
}
