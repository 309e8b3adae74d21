namespace LibbpfSharp.Skeletons;

/// <summary>What became of the programs of a skeleton when it was attached.</summary>
/// <param name="Attached">Names of the programs that are attached now.</param>
/// <param name="Skipped">Programs that were left alone, and why.</param>
/// <param name="Failed">Programs that the kernel refused, and its refusal; empty unless failures were to be kept.</param>
public sealed record BpfAttachReport(
    IReadOnlyList<string> Attached,
    IReadOnlyList<(string Program, string Reason)> Skipped,
    IReadOnlyList<(string Program, BpfException Error)> Failed)
{
    /// <summary>A line per program.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join('\n',
        Attached.Select(p => $"{p}: attached").Concat(Skipped.Select(s => $"{s.Program}: skipped, {s.Reason}")).Concat(Failed.Select(f => $"{f.Program}: failed, {f.Error.Message}")));
}
