namespace LibbpfSharp;

/// <summary>
/// A generated class, or an object file, and the object that it is to be used with do not agree: names, kinds, sizes or the layout
/// of types. Most often one of them was built anew and the other was not.
/// </summary>
public sealed class BpfSkeletonMismatchException : BpfException
{
    private const int Shown = 8;

    /// <summary>Makes an exception.</summary>
    /// <param name="subject">What does not fit.</param>
    /// <param name="differences">Each difference: what is there, and what was expected.</param>
    public BpfSkeletonMismatchException(string subject, IReadOnlyList<string> differences)
        : base(BpfErrno.EINVAL, "comparing it with what was expected", subject, Compose(differences)) => Differences = differences;

    /// <summary>Each difference: what is there, and what was expected.</summary>
    public IReadOnlyList<string> Differences { get; }

    private static string Compose(IReadOnlyList<string> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        string more = differences.Count > Shown ? $"; and {differences.Count - Shown} more" : "";
        return $"They differ: {string.Join("; ", differences.Take(Shown))}{more}. Generate the class anew from the object that is used.";
    }
}
