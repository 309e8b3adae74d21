using System.Text;

namespace LibbpfSharp.Skeleton.Emit;

/// <summary>Text with indentation; lines end in LF on every machine, so that output is the same everywhere.</summary>
public sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Writes a line.</summary>
    /// <param name="text">The line; empty for an empty line.</param>
    public void Line(string text = "")
    {
        if (text.Length != 0)
            _text.Append(' ', _indent * 4).Append(text);
        _text.Append('\n');
    }

    /// <summary>Writes an opening brace and indents what follows.</summary>
    public void Open()
    {
        Line("{");
        _indent++;
    }

    /// <summary>Writes a closing brace.</summary>
    /// <param name="after">What follows on its line.</param>
    public void Close(string after = "")
    {
        _indent--;
        Line("}" + after);
    }

    /// <summary>Writes a summary.</summary>
    /// <param name="xml">Its content.</param>
    public void Summary(string xml) => Line($"/// <summary>{xml}</summary>");

    /// <summary>What was written.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text.ToString();

    /// <summary>Makes text safe within XML documentation.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same, escaped.</returns>
    internal static string Xml(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),

                // Names of a malformed object may contain anything: what ends a line, or is not allowed in XML, does not get out.
                < ' ' or '\u0085' or '\u2028' or '\u2029' or '\ufffe' or '\uffff' => result.Append('?'),
                _ when char.IsSurrogate(c) => result.Append('?'),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    /// <summary>A sentence with declaration tags.</summary>
    /// <param name="tags">The tags, or nothing.</param>
    /// <returns>The sentence with a space before it, as XML; or nothing.</returns>
    internal static string Tags(string tags) => tags.Length == 0 ? "" : $" Tags: <c>{Xml(tags)}</c>.";

    /// <summary>A literal of several lines.</summary>
    /// <param name="text">The text.</param>
    /// <returns>It as a verbatim string.</returns>
    internal static string Verbatim(string text) => $"@\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A literal of C#.</summary>
    /// <param name="text">The text.</param>
    /// <returns>It in quotes.</returns>
    internal static string Literal(string text)
    {
        StringBuilder result = new("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                result.Append('\\').Append(c);
            else if (c < ' ' || c > '~')
                result.Append($"\\u{(int)c:x4}");
            else
                result.Append(c);
        }

        return result.Append('"').ToString();
    }
}
