namespace LibbpfSharp.Tests.Conformance.RandomWalk;

/// <summary>What a kernel answered, in a form that is equal where the semantics are specified.</summary>
/// <param name="Errno">0 or the error.</param>
/// <param name="Text">The answer to compare; "~" where kernels may differ.</param>
/// <param name="Violation">An invariant that this answer breaks by itself, or null.</param>
internal sealed record WalkAnswer(int Errno, string Text, string? Violation = null)
{
    public const string Unspecified = "~";
}
