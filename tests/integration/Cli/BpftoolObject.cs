using System.Globalization;
using System.Text.RegularExpressions;

namespace LibbpfSharp.Tests.Integration.Cli;

/// <summary>What bpftool (its skeleton, and the debug messages of libbpf in it) says of an object file.</summary>
internal sealed partial class BpftoolObject
{
    private BpftoolObject(string skeleton, string messages)
    {
        string[] lines = skeleton.Split('\n');
        int start = Array.FindIndex(lines, l => l.StartsWith("struct ", StringComparison.Ordinal) && l.EndsWith(" {", StringComparison.Ordinal));
        int end = Array.FindIndex(lines, start, l => l.StartsWith("#ifdef __cplusplus", StringComparison.Ordinal) || l == "};");
        ReadStruct(lines[start..end]);
        foreach (Match m in FoundPattern().Matches(messages))
            Attributes[(m.Groups[1].Value, m.Groups[2].Value)] = ParseNumber(m.Groups[3].Value);
        foreach (Match m in TypedPattern().Matches(messages))
        {
            Attributes[(m.Groups[1].Value, m.Groups[2].Value + "_size")] = uint.Parse(m.Groups[4].Value, CultureInfo.InvariantCulture);
            Attributes[(m.Groups[1].Value, m.Groups[2].Value + "_type")] = uint.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture);
        }

        foreach (Match m in InternalPattern().Matches(messages))
            InternalFlags[int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)] = uint.Parse(m.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        foreach (Match m in SkippedPattern().Matches(messages))
            SkippedSections.Add(m.Groups[1].Value);
    }

    /// <summary>Maps by the identifiers of the skeleton, in its order.</summary>
    public List<string> Maps { get; } = [];

    public List<string> Programs { get; } = [];

    /// <summary>Names of the variables of each data section, by the identifier of the section.</summary>
    public Dictionary<string, List<string>> Variables { get; } = [];

    /// <summary>Attributes by map and attribute ("type", "max_entries", "key_size", "key_type"...).</summary>
    public Dictionary<(string Map, string Attribute), ulong> Attributes { get; } = [];

    /// <summary>Flags of the maps of data sections, by the section's index.</summary>
    public Dictionary<int, uint> InternalFlags { get; } = [];

    /// <summary>Sections that this bpftool does not know.</summary>
    public HashSet<string> SkippedSections { get; } = [];

    /// <summary>What bpftool says; null if it refuses the object, which is then in <paramref name="error"/>.</summary>
    public static BpftoolObject? TryRead(string path, out string error)
    {
        (int exit, string output, error) = ExternalTool.Run("bpftool", "-d", "gen", "skeleton", path);
        return exit == 0 ? new(output, error) : null;
    }

    [GeneratedRegex(@"map '([^']+)': found (\w+) = (\w+)\.")]
    private static partial Regex FoundPattern();

    [GeneratedRegex(@"map '([^']+)': found (key|value) \[(\d+)\], sz = (\d+)\.")]
    private static partial Regex TypedPattern();

    [GeneratedRegex(@"map '[^']+' \(global data\): at sec_idx (\d+), offset 0, flags ([0-9a-f]+)\.")]
    private static partial Regex InternalPattern();

    [GeneratedRegex(@"skipping (?:unrecognized data )?section\(\d+\) (\S+)")]
    private static partial Regex SkippedPattern();

    [GeneratedRegex(@"struct bpf_(?:map|program) \*(\w+);")]
    private static partial Regex PointerPattern();

    [GeneratedRegex(@"(?:\(\*(\w+)\)\(.*\)|(\w+)(?:\[\d*\])*);$")]
    private static partial Regex DeclaratorPattern();

    private static ulong ParseNumber(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.Parse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : ulong.Parse(text, CultureInfo.InvariantCulture);

    private void ReadStruct(string[] lines)
    {
        List<string> current = [];
        int depth = 0;
        foreach (string line in lines[1..])
        {
            string text = line.Trim();
            bool closes = text.StartsWith('}');
            if (closes)
                depth--;
            if (closes && depth == 0)
            {
                string name = text.TrimStart('}', ' ', '*').TrimEnd(';');
                if (name == "maps")
                    Maps.AddRange(current.Select(l => PointerPattern().Match(l).Groups[1].Value));
                else if (name == "progs")
                    Programs.AddRange(current.Select(l => PointerPattern().Match(l).Groups[1].Value));
                else if (name is not ("links" or "struct_ops"))
                    Variables[name] = [.. current.Select(DeclaredName).Where(n => !n.StartsWith("__pad", StringComparison.Ordinal))];
                current = [];
            }
            else if (depth == 1 && text.EndsWith(';'))
            {
                current.Add(text);
            }

            if (text.EndsWith('{'))
                depth++;
        }
    }

    private static string DeclaredName(string declaration)
    {
        Match match = DeclaratorPattern().Match(declaration);
        return match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
    }
}
