using System.Text.RegularExpressions;

namespace LibbpfSharp;

/// <summary>
/// Reads the verifier's log: the format of up to Linux 7.2 (instructions, states and C lines as they are walked, the
/// reason last) and the one of 7.3, which adds a part "Verification failed: category" with Reason, At, Causal path
/// and Suggestion. A pure function of the text.
/// </summary>
internal static partial class VerifierLogParser
{
    private const string FailureHeader = "Verification failed:";

    /// <summary>Reads a log.</summary>
    public static BpfVerifierReport Parse(string log)
    {
        string[] lines = log.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            lines[i] = lines[i].TrimEnd('\r', ' ', '\0');
        int header = Array.FindLastIndex(lines, l => l.StartsWith(FailureHeader, StringComparison.Ordinal));
        BpfVerifierReport report = ParseWalk(lines.AsSpan(0, header < 0 ? lines.Length : header)) with { InstructionsProcessed = ParseProcessed(lines) };
        if (header >= 0)
            report = ParseSections(lines.AsSpan(header), report);
        return report with { Hint = report.Hint ?? VerifierHints.For(report, log) };
    }

    /// <summary>The walk: the last instruction shown, the C line above it and the sentences after it.</summary>
    private static BpfVerifierReport ParseWalk(ReadOnlySpan<string> lines)
    {
        string? source = null;
        int? last = null;
        var seen = new Dictionary<int, (string Text, string? Source)>();
        var sentences = new List<string>();
        foreach (string line in lines)
        {
            if (line.StartsWith("; ", StringComparison.Ordinal))
            {
                source = line[2..];
            }
            else if (InstructionLine().Match(line) is { Success: true } match && int.TryParse(match.Groups[1].Value, out int number))
            {
                // "3: (61) r1 = *(u32 *)(r0 +0)         ; R0=scalar()"
                string text = match.Groups[2].Value;
                int state = text.IndexOf("  ;", StringComparison.Ordinal);
                seen[number] = ((state < 0 ? text : text[..state]).TrimEnd(), source);
                last = number;
                sentences.Clear();
            }
            else if (!IsNoise(line))
            {
                sentences.Add(line.Trim());
            }
        }

        // The sentence may go on in a second line; what follows is advice or state.
        string? reason = sentences.Count == 0 ? null : string.Join("; ", sentences.Take(2));
        if (reason is not null && InsnInText().Match(reason) is { Success: true } named && int.TryParse(named.Groups[1].Value, out int insn))
            last = insn;
        var report = new BpfVerifierReport { Reason = reason, FailingInstruction = last };
        if (last is { } failing && seen.TryGetValue(failing, out (string Text, string? Source) at))
            return WithSource(report with { InstructionText = at.Text }, at.Source);
        return last is null ? WithSource(report, source) : report;
    }

    /// <summary>The headed part of Linux 7.3.</summary>
    private static BpfVerifierReport ParseSections(ReadOnlySpan<string> lines, BpfVerifierReport report)
    {
        report = report with { Category = lines[0][FailureHeader.Length..].Trim() };
        var explanation = new List<string>();
        var suggestion = new List<string>();
        string section = "";
        foreach (string line in lines[1..])
        {
            if (line.Length > 0 && line[0] != ' ' && line.EndsWith(':'))
            {
                section = line;
                continue;
            }

            if (IsProcessed(line))
                break;
            string text = line.Trim();
            if (text.Length == 0)
                continue;
            switch (section)
            {
                case "Reason:":
                    explanation.Add(text);
                    break;
                case "Suggestion:":
                    suggestion.Add(text);
                    break;
                case "At:":
                    report = ParseAt(report, text);
                    break;
                default:
                    break;
            }
        }

        return report with
        {
            Explanation = explanation.Count == 0 ? null : string.Join(" ", explanation),
            Reason = report.Reason ?? (explanation.Count == 0 ? report.Category : explanation[0]),
            Hint = suggestion.Count == 0 ? null : string.Join(" ", suggestion),
        };
    }

    private static BpfVerifierReport ParseAt(BpfVerifierReport report, string text)
    {
        if (AtInstruction().Match(text) is { Success: true } at && int.TryParse(at.Groups[1].Value, out int number))
            return report with { FailingInstruction = number };
        if (MarkedInstruction().Match(text) is { Success: true } marked)
            return report with { InstructionText = marked.Groups[2].Value.Trim() };
        return SourcePlace().Match(text) is { Success: true } place && report.SourceFile is null && int.TryParse(place.Groups[2].Value, out int line)
            ? report with { SourceFile = place.Groups[1].Value, SourceLine = line }
            : report;
    }

    // "; if (x) { @ prog.bpf.c:12", since Linux 6.9; without the place before.
    private static BpfVerifierReport WithSource(BpfVerifierReport report, string? source)
    {
        if (source is null)
            return report;
        int at = source.LastIndexOf(" @ ", StringComparison.Ordinal);
        if (at >= 0)
        {
            string place = source[(at + 3)..];
            int colon = place.LastIndexOf(':');
            if (colon > 0 && int.TryParse(place.AsSpan(colon + 1), out int line))
                return report with { SourceText = source[..at].Trim(), SourceFile = place[..colon], SourceLine = line };
        }

        return report with { SourceText = source.Trim() };
    }

    private static long? ParseProcessed(string[] lines)
    {
        int index = Array.FindLastIndex(lines, IsProcessed);
        return index >= 0 && long.TryParse(lines[index].Split(' ')[1], out long count) ? count : null;
    }

    private static bool IsProcessed(string line) => line.StartsWith("processed ", StringComparison.Ordinal) && line.Contains(" insns", StringComparison.Ordinal);

    private static bool IsNoise(string line) =>
        line.Length == 0 || IsProcessed(line) || NoiseLine().IsMatch(line);

    [GeneratedRegex(@"^(\d+): (\([0-9a-f]{2}\) .*|<invalid .*>)$", RegexOptions.CultureInvariant)]
    private static partial Regex InstructionLine();

    // States ("12: R0=...", " frame1: R0=..."), where a branch comes from, precision tracking, statistics, function headers.
    [GeneratedRegex(
        @"^(\d+: ?($|R\d|frame\d|safe)| ?frame\d+: |from \d+ to |mark_precise|parent |last_idx|regs=|verification time|stack depth|total_states|caller|callee|returning from callee|to caller at|propagating |Validating |Func#\d+ |func#\d+ @|Global function |arg#\d+ reg type|; |max_states|-- (BEGIN|END)|cur state:|old state:|reg type unsupported for arg#\d+ function)",
        RegexOptions.CultureInvariant)]
    private static partial Regex NoiseLine();

    [GeneratedRegex(@"\binsn (\d+)\b", RegexOptions.CultureInvariant)]
    private static partial Regex InsnInText();

    [GeneratedRegex(@"^insn (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex AtInstruction();

    [GeneratedRegex(@"^>>>\s*(\d+)\s*\|\s*(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex MarkedInstruction();

    [GeneratedRegex(@"^([^\s:|]+\.[ch]):(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex SourcePlace();
}
