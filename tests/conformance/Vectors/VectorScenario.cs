using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>One line of a vector file: a recorded sequence of calls with the answers of Linux.</summary>
internal sealed class VectorScenario(JsonElement json)
{
    /// <summary>Unique name.</summary>
    public string Name { get; } = json.GetProperty("name").GetString()!;

    /// <summary>Grouping, and reasons why a kernel may answer otherwise.</summary>
    public IReadOnlyList<string> Tags { get; } = Strings(json, "tags");

    /// <summary>Features beyond the plain map calls.</summary>
    public IReadOnlyList<string> Needs { get; } = Strings(json, "needs");

    /// <summary>Attributes of the map "m0" that exists at the start.</summary>
    public JsonElement? Map { get; } = json.TryGetProperty("map", out JsonElement map) ? map : null;

    /// <summary>The calls.</summary>
    public JsonElement Steps { get; } = json.GetProperty("steps");

    private static string[] Strings(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];
}
