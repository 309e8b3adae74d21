using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Differential;

/// <summary>
/// Differences between the kernels over objects of the corpus that have a reason outside BPF: time, randomness, addresses of
/// the running kernel, hardware (corpus-differences.json). A difference that no longer occurs fails.
/// </summary>
internal sealed class ExplainedDifferences
{
    private readonly Dictionary<(string Object, string Subject), (string Why, bool Sometimes)> _reasons = [];
    private readonly HashSet<(string Object, string Subject)> _differing = [];
    private readonly HashSet<(string Object, string Subject)> _equal = [];

    /// <summary>Reads the list beside the test assembly.</summary>
    public static ExplainedDifferences Read()
    {
        var list = new ExplainedDifferences();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus-differences.json")));
        foreach (JsonElement entry in document.RootElement.GetProperty("differences").EnumerateArray())
        {
            // What depends on time can come out equal once.
            bool sometimes = entry.TryGetProperty("sometimes", out JsonElement value) && value.GetBoolean();
            foreach (JsonElement subject in entry.GetProperty("subjects").EnumerateArray())
                list._reasons.Add((entry.GetProperty("object").GetString()!, subject.GetString()!), (entry.GetProperty("why").GetString()!, sometimes));
        }

        return list;
    }

    /// <summary>Notes a comparison that came out equal.</summary>
    public void NoteEqual(string @object, string subject) => _equal.Add((@object, subject));

    /// <summary>The reason for a difference; null if it has none.</summary>
    public string? Explain(string @object, string subject)
    {
        _differing.Add((@object, subject));
        return _reasons.TryGetValue((@object, subject), out (string Why, bool Sometimes) reason) ? reason.Why : null;
    }

    /// <summary>Entries that explain nothing: about objects that were loaded and what in them does not differ, or is not there.</summary>
    public IEnumerable<string> Unused(IReadOnlyCollection<string> loaded) =>
        _reasons.Where(r => loaded.Contains(r.Key.Object) && !_differing.Contains(r.Key) && !(r.Value.Sometimes && _equal.Contains(r.Key)))
            .Select(r => $"{r.Key.Object}: {r.Key.Subject} is listed in corpus-differences.json and does not differ");
}
