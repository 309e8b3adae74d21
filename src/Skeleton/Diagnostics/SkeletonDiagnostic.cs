namespace LibbpfSharp.Skeleton.Diagnostics;

/// <summary>Something the generator has to say about an object.</summary>
/// <param name="Id">Which message (see <see cref="SkeletonDiagnostics"/>).</param>
/// <param name="Subject">What it is about, as C has it: "struct event.payload".</param>
/// <param name="Message">The whole text, with the subject.</param>
public sealed record SkeletonDiagnostic(string Id, string Subject, string Message)
{
    /// <summary>Whether nothing is generated because of it.</summary>
    public bool IsError => SkeletonDiagnostics.Find(Id) is { IsError: true };
}
