namespace LibbpfSharp.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, messages to <see cref="Error"/>.</summary>
internal sealed class CliConsole(TextWriter output, TextWriter error, bool isTerminal, bool hasColours)
{
    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>True if <see cref="Out"/> is a terminal: headings and aligned columns rather than plain lines.</summary>
    public bool IsTerminal { get; } = isTerminal;

    public string Bold(string text) => hasColours ? $"\e[1m{text}\e[0m" : text;

    public string Good(string text) => hasColours ? $"\e[32m{text}\e[0m" : text;

    public string Bad(string text) => hasColours ? $"\e[31m{text}\e[0m" : text;

    /// <summary>Writes rows: aligned under their headings on a terminal, else tab-separated without headings.</summary>
    public void Table(string title, string[] headings, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
            return;
        if (!IsTerminal)
        {
            foreach (string[] row in rows)
                Out.WriteLine($"{title}\t{string.Join('\t', row.Select(c => c.Replace('\t', ' ').Replace('\n', ' ')))}");
            return;
        }

        int[] widths = [.. headings.Select((h, i) => Math.Max(h.Length, rows.Max(r => r[i].Length)))];
        Out.WriteLine(Bold($"{title} ({rows.Count})"));
        Out.WriteLine("  " + Line(headings, widths));
        foreach (string[] row in rows)
            Out.WriteLine("  " + Line(row, widths));
        Out.WriteLine();

        static string Line(string[] cells, int[] widths) =>
            string.Join("  ", cells.Select((c, i) => i == cells.Length - 1 ? c : c.PadRight(widths[i]))).TrimEnd();
    }
}
