using System.Globalization;
using System.Text.RegularExpressions;

namespace LibbpfSharp.Skeleton.Tasks.Clang;

/// <summary>A line of clang's output.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text after "error: ".</param>
/// <param name="File">File as clang wrote it, null if the message names none.</param>
/// <param name="Line">Line from 1, or 0.</param>
/// <param name="Column">Column from 1, or 0.</param>
internal sealed partial record ClangMessage(ClangMessageKind Kind, string Text, string? File = null, int Line = 0, int Column = 0)
{
    /// <summary>The header that clang did not find ("bpf/bpf_helpers.h"), if that is what the message says.</summary>
    public string? MissingHeader => Kind == ClangMessageKind.Error && MissingPattern().Match(Text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Reads a line.</summary>
    public static ClangMessage Parse(string line)
    {
        if (LocatedPattern().Match(line) is { Success: true } located)
            return new(KindOf(located.Groups[4].Value), located.Groups[5].Value, located.Groups[1].Value, Number(located.Groups[2]), Number(located.Groups[3]));
        if (BarePattern().Match(line) is { Success: true } bare)
            return new(KindOf(bare.Groups[1].Value), bare.Groups[2].Value);
        return new(ClangMessageKind.Text, line);
    }

    private static int Number(Group group) => int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static ClangMessageKind KindOf(string word) => word switch
    {
        "warning" => ClangMessageKind.Warning,
        "note" or "remark" => ClangMessageKind.Note,
        _ => ClangMessageKind.Error,
    };

    [GeneratedRegex(@"^(.+?):(\d+):(\d+): (fatal error|error|warning|note|remark): (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex LocatedPattern();

    // The driver, the backend and LLVM itself know no place: "clang-14: error: ...", "<unknown>:0: error: ...", "LLVM ERROR: ...".
    [GeneratedRegex(@"^(?:[^\s:]*clang[^\s:]*: |<[^>]*>:\d+: )?(fatal error|error|warning|note|LLVM ERROR): (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex BarePattern();

    [GeneratedRegex("^'([^']+)' file not found", RegexOptions.CultureInvariant)]
    private static partial Regex MissingPattern();
}
