using System.Text;

namespace LibbpfSharp.Skeleton.Tasks;

/// <summary>Lists as MSBuild has them: separated by semicolons, and what has a meaning for MSBuild is escaped.</summary>
internal static class BuildList
{
    /// <summary>A text that MSBuild takes as it is.</summary>
    public static string Escape(string text)
    {
        StringBuilder result = new();
        foreach (char c in text)
        {
            if (c is '%' or '*' or '?' or '@' or '$' or '(' or ')' or ';' or '\'')
                result.Append('%').Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            else
                result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>The entries of a list in a metadata, without blanks and empty ones.</summary>
    public static IEnumerable<string> Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
