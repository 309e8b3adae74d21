using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>One recorded call: its inputs, its recorded answer, and what the kernel under test answered.</summary>
internal sealed class VectorStep(JsonElement json)
{
    /// <summary>Name of the operation.</summary>
    public string Op { get; } = json.GetProperty("op").GetString()!;

    /// <summary>All recorded fields.</summary>
    public JsonElement Json => json;

    /// <summary>The answer: numbers as long, bytes as hex, lists as arrays of these.</summary>
    public Dictionary<string, object> Actual { get; } = new(StringComparer.Ordinal);

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public bool IsNull(string name) => !json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null;

    public string? Text(string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    public int Int(string name, int otherwise = 0) => json.TryGetProperty(name, out JsonElement value) ? unchecked((int)value.GetInt64()) : otherwise;

    public ulong Word(string name) => !json.TryGetProperty(name, out JsonElement value) ? 0 : value.TryGetUInt64(out ulong word) ? word : unchecked((ulong)value.GetInt64());

    public bool Flag(string name, bool otherwise = false) => json.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : otherwise;

    /// <summary>The result of a call: 0 or -1, and errno.</summary>
    public void Answer(int result)
    {
        Actual["ret"] = result < 0 ? -1L : 0L;
        Actual["errno"] = result < 0 ? -(long)result : 0L;
    }
}
