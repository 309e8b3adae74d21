using System.Text.Json;
using System.Text.RegularExpressions;

namespace LibbpfSharp.Tests.Unit.Cli;

/// <summary>Checks JSON against the part of JSON Schema that our schemas use; a keyword beyond that fails.</summary>
internal static class JsonSchemaCheck
{
    private static readonly HashSet<string> s_keywords =
        ["$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "minimum", "anyOf"];

    public static void Check(JsonElement schema, JsonElement value, string path = "$")
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
            Assert.Contains(keyword.Name, s_keywords);
        if (schema.TryGetProperty("anyOf", out JsonElement alternatives))
        {
            bool any = alternatives.EnumerateArray().Any(a => Record.Exception(() => Check(a, value, path)) is null);
            Assert.True(any, $"{path}: none of the alternatives fits {value}");
        }

        if (schema.TryGetProperty("type", out JsonElement type))
        {
            string[] allowed = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];
            Assert.True(allowed.Contains(TypeOf(value)) || (TypeOf(value) == "integer" && allowed.Contains("number")), $"{path}: {TypeOf(value)} is not {string.Join(" or ", allowed)}");
        }

        if (value.ValueKind == JsonValueKind.Null)
            return;
        if (schema.TryGetProperty("enum", out JsonElement choices))
            Assert.Contains(value.GetString(), choices.EnumerateArray().Select(c => c.GetString()));
        if (schema.TryGetProperty("pattern", out JsonElement pattern))
            Assert.Matches(new Regex(pattern.GetString()!), value.GetString());
        if (schema.TryGetProperty("minimum", out JsonElement minimum))
            Assert.True(value.GetDecimal() >= minimum.GetDecimal(), $"{path}: {value} is below {minimum}");
        if (schema.TryGetProperty("items", out JsonElement items))
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
                Check(items, item, $"{path}[{index++}]");
        }

        if (!schema.TryGetProperty("properties", out JsonElement properties))
            return;
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        foreach (JsonProperty property in value.EnumerateObject())
        {
            Assert.True(properties.TryGetProperty(property.Name, out JsonElement member), $"{path}.{property.Name} is not in the schema");
            Check(member, property.Value, $"{path}.{property.Name}");
        }

        foreach (JsonElement required in schema.GetProperty("required").EnumerateArray())
            Assert.True(value.TryGetProperty(required.GetString()!, out _), $"{path}.{required} is missing");
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => value.TryGetInt64(out _) || value.TryGetUInt64(out _) ? "integer" : "number",
        _ => "boolean",
    };
}
