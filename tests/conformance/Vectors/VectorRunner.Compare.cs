using System.Globalization;
using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// The recorded answer against the given one.
internal sealed partial class VectorRunner
{
    private static readonly string[] s_answers =
    [
        "ret", "errno", "value", "next_key", "count", "keys", "items", "missing", "count_out", "out_batch", "out_batch_written",
        "info", "info_len_out", "hash_out", "next_id", "helper_ret", "found", "load_ret", "load_errno", "calls", "last_action_ret",
        "visited", "elem_count", "reserve_failed", "consumer_pos", "producer_pos", "records",
    ];

    private string? Compare(VectorStep step)
    {
        string[] unspecified = step.Json.TryGetProperty("unspecified", out JsonElement list) ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];
        if (step.Json.TryGetProperty("next_one_of", out JsonElement possible))
        {
            string? key = step.Actual.GetValueOrDefault("next_key") as string;
            return possible.EnumerateArray().Any(e => e.GetString() == key) ? null : $"next_key {key} is none of the possible ones";
        }

        foreach (string name in s_answers)
        {
            if (unspecified.Contains(name) || IsInput(step.Op, name) || (step.Op == "for_each" && name is "visited" or "last_action_ret" && !IsRecorded(step, name)))
                continue;
            bool given = step.Actual.TryGetValue(name, out object? actual);
            if (step.Json.TryGetProperty(name, out JsonElement recorded))
            {
                if (!given)
                    return $"{name} is missing, recorded is {recorded.GetRawText()}";
                if (Differ(name, recorded, actual!, step) is { } text)
                    return text;
            }
            else if (step.Json.TryGetProperty(name + "_set", out JsonElement set))
            {
                if (!given)
                    return $"{name} is missing";
                string[] left = [.. Sorted(set, step)];
                string[] right = [.. ((IEnumerable<object>)actual!).Select(o => Show(o, step)).Order(StringComparer.Ordinal)];
                if (!left.SequenceEqual(right))
                    return $"{name}: recorded {string.Join(' ', left.Except(right))}; given {string.Join(' ', right.Except(left))} ({left.Length} and {right.Length} in all)";
            }
            else if (given && !IsOptional(step, name))
            {
                return $"{name} is {Show(actual!, step)}, recorded is none";
            }
        }

        return null;
    }

    private static bool IsRecorded(VectorStep step, string name) => step.Has(name) || step.Has(name + "_set");

    private static bool IsInput(string op, string name) => name switch
    {
        "value" => op is "update" or "prog_update" or "prog_push" or "rb_output" or "mmap_write",
        "keys" => op is "batch_update" or "batch_delete" or "batch_lookup" or "batch_lookup_and_delete",
        _ => false,
    };

    // Given by every call, recorded only where it says something.
    private bool IsOptional(VectorStep step, string name) => name switch
    {
        "missing" => true,
        "value" => step.Op == "lookup" && Handle(step).Type == "BLOOM_FILTER",
        "out_batch" or "out_batch_written" or "items" => step.Op.StartsWith("batch_lookup", StringComparison.Ordinal),
        "load_errno" or "load_ret" => (long)step.Actual[name] == 0 || step.Op == "for_each",
        _ => false,
    };

    private string? Differ(string name, JsonElement recorded, object actual, VectorStep step)
    {
        string left = Show(recorded, step);
        string right = Show(actual, step);
        return left == right ? null : $"{name}: recorded {left}, given {right}";
    }

    private IEnumerable<string> Sorted(JsonElement set, VectorStep step) => set.EnumerateArray().Select(e => Show(e, step)).Order(StringComparer.Ordinal);

    private string Show(object value, VectorStep step) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => Mask(text, step),
        object[] and [string key, string item] when step.Op != "walk" => $"[{key},{Mask(item, step)}]",
        Dictionary<string, object> fields => string.Join(',', fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={Show(f.Value, step)}")),
        IEnumerable<object> items => $"[{string.Join(',', items.Select(i => Show(i, step)))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private string Show(JsonElement value, VectorStep step) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => value.GetString() is ['@', .. var name] ? ShowId(name, step) : Mask(value.GetString()!, step),
        JsonValueKind.Array when step.Op != "walk" && value.GetArrayLength() == 2 && value[0].ValueKind == JsonValueKind.String => $"[{value[0].GetString()},{Show(value[1], step)}]",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(e => Show(e, step)))}]",
        JsonValueKind.Object => string.Join(',', value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={Show(p.Value, step)}")),
        _ => value.GetRawText(),
    };

    private string ShowId(string name, VectorStep step)
    {
        uint id = IdOf(_handles[name]);
        return step.Op == "next_id" ? id.ToString(CultureInfo.InvariantCulture) : Number(id);
    }

    // What lies behind value_size in a per-CPU slot is nobody's; only on the recorded kernel itself is it compared.
    private string Mask(string hex, VectorStep step)
    {
        if (!_kernel.IsEmulated || !_handles.TryGetValue(step.Text("map") ?? "m0", out VectorHandle? handle) || handle.Map is null
            || !handle.IsPerCpu || handle.ValueSize % 8 == 0 || hex.Length != handle.ValueBytes * 2 || step.Op is "walk" or "next_key")
            return hex;
        int slot = handle.ValueBytes;
        char[] text = hex.ToCharArray();
        for (int cpu = 0; cpu < 2; cpu++)
            text.AsSpan((cpu * slot) + (handle.ValueSize * 2), slot - (handle.ValueSize * 2)).Fill('.');
        return new string(text);
    }
}
