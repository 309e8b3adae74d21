namespace LibbpfSharp.Skeletons;

/// <summary>What became of the programs and struct_ops variables of a skeleton when it was attached.</summary>
/// <param name="Attached">Names of what this call attached.</param>
/// <param name="Skipped">What was left alone, and why.</param>
/// <param name="Failed">What the kernel refused, and its refusal; empty unless failures were to be kept.</param>
public sealed record BpfAttachReport(
    IReadOnlyList<string> Attached,
    IReadOnlyList<(string Name, string Reason)> Skipped,
    IReadOnlyList<(string Name, BpfException Error)> Failed)
{
    /// <summary>A line for each.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join('\n',
        Attached.Select(p => $"{p}: attached").Concat(Skipped.Select(s => $"{s.Name}: skipped, {s.Reason}")).Concat(Failed.Select(f => $"{f.Name}: failed, {f.Error.Message}")));
}
