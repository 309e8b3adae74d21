using System.Text;

namespace LibbpfSharp.Skeleton.Naming;

/// <summary>From the names of C to those of C#.</summary>
public static class CSharpNames
{
    // C# 14, without those that are keywords in places only.
    private static readonly HashSet<string> s_keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false "
        + "finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private "
        + "protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked "
        + "unsafe ushort using virtual void volatile while").Split(' '), StringComparer.Ordinal);

    /// <summary>
    /// PascalCase: <c>syscall_count_map</c> becomes SyscallCountMap, <c>TASK_RUNNING</c> TaskRunning, <c>lastSeen</c> LastSeen.
    /// What no C# identifier can hold separates words; a leading digit gets an underscore.
    /// </summary>
    /// <param name="name">A name of C, of an ELF section, or any text.</param>
    /// <returns>An identifier that is no keyword.</returns>
    public static string Pascal(string name)
    {
        StringBuilder result = new(name.Length);
        bool upper = !name.Any(char.IsAsciiLetterLower);
        bool start = true;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                start = true;
                continue;
            }

            if (result.Length == 0 && char.IsAsciiDigit(c))
                result.Append('_');
            result.Append(start ? char.ToUpperInvariant(c) : upper ? char.ToLowerInvariant(c) : c);
            start = char.IsAsciiDigit(c) && upper;
        }

        return result.Length == 0 ? "_" : result.ToString();
    }

    /// <summary>Whether a name can be a class's: an identifier, and no keyword.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if so.</returns>
    public static bool IsIdentifier(string name) => IsWord(name) && !s_keywords.Contains(name);

    /// <summary>Whether a name can be a namespace's.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True for identifiers with dots between them.</returns>
    public static bool IsNamespace(string name) => name.Split('.').All(part => part.StartsWith('@') ? IsWord(part[1..]) : IsIdentifier(part));

    private static bool IsWord(string name) => name.Length != 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c == '_');

    /// <summary>The part that the names of all enumerators begin with, up to an underscore; empty if stripping it would leave one without a name.</summary>
    /// <param name="names">The names.</param>
    /// <returns>The prefix.</returns>
    public static string CommonPrefix(IReadOnlyList<string> names)
    {
        if (names.Count < 2)
            return "";
        string prefix = names[0];
        foreach (string name in names)
        {
            int same = 0;
            while (same < prefix.Length && same < name.Length && prefix[same] == name[same])
                same++;
            prefix = prefix[..same];
        }

        prefix = prefix[..(prefix.LastIndexOf('_') + 1)];
        while (prefix.Length != 0 && names.Any(n => n.Length == prefix.Length || char.IsAsciiDigit(n[prefix.Length])))
            prefix = prefix[..(prefix[..^1].LastIndexOf('_') + 1)];
        return prefix;
    }
}
