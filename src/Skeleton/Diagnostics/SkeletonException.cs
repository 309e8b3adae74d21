namespace LibbpfSharp.Skeleton.Diagnostics;

/// <summary>What was asked of the generator cannot be done.</summary>
public sealed class SkeletonException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="diagnostic">What is wrong.</param>
    public SkeletonException(SkeletonDiagnostic diagnostic)
        : base(diagnostic?.Message)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        Diagnostic = diagnostic;
    }

    /// <summary>What is wrong.</summary>
    public SkeletonDiagnostic Diagnostic { get; }
}
