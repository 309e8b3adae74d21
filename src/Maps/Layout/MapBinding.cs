using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Maps;

/// <summary>The checks made once, when a map is to be used through a type of its kind.</summary>
internal static class MapBinding
{
    /// <summary>Returns the map if it is of the kind, and key and value of the sizes and (where it has BTF) shapes; else throws with all that differs.</summary>
    public static BpfMap Check(BpfMap map, BpfMapType type, TypeLayout? key, TypeLayout? value)
    {
        ArgumentNullException.ThrowIfNull(map);
        var differences = new List<string>();
        if (map.Type != type)
            differences.Add($"its type is {map.Type}, not {type}");
        if (key is not null && map.KeySize != key.Size)
            differences.Add($"its key_size is {map.KeySize}, but {Name(key)} has {key.Size} bytes");
        if (value is not null && map.ValueSize != value.Size)
            differences.Add($"its value_size is {map.ValueSize}, but {Name(value)} has {value.Size} bytes");
        if (key?.DescribePadding() is { } padding)
        {
            differences.Add($"{Name(key)} has padding (byte {padding} of {key.Size}), and the kernel compares all bytes of a key: "
                + "equal keys would not be found. Declare the padding as fields that stay zero, or pack the struct as the C side does");
        }

        if (differences.Count == 0)
            CompareBtf(map, key, value, differences);
        return differences.Count == 0
            ? map
            : throw MapErrors.Invalid(map, "bind", $"The map cannot be used this way: {string.Join("; ", differences)}.");
    }

    /// <summary>As Check, for a map without keys whose values are compared bytewise.</summary>
    public static BpfMap CheckFilter(BpfMap map, TypeLayout value)
    {
        Check(map, BpfMapType.BloomFilter, null, value);
        return value.DescribePadding() is not { } padding
            ? map
            : throw MapErrors.Invalid(map, "bind", $"{Name(value)} has padding (byte {padding} of {value.Size}), and the kernel hashes all bytes of a value: "
                + "equal values would not be found. Declare the padding as fields that stay zero, or pack the struct as the C side does.");
    }

    private static void CompareBtf(BpfMap map, TypeLayout? key, TypeLayout? value, List<string> differences)
    {
        (uint id, uint keyType, uint valueType) = map.BtfIds;
        if (id == 0 || (keyType == 0 && valueType == 0) || MapBtf.Read(map.Kernel, id) is not { } btf)
            return;
        if (key is not null && keyType != 0)
            differences.AddRange(BtfComparison.Differences(btf, keyType, key).Select(d => $"key: {d}"));
        if (value is not null && valueType != 0)
            differences.AddRange(BtfComparison.Differences(btf, valueType, value).Select(d => $"value: {d}"));
    }

    private static string Name(TypeLayout layout) => layout.Type.Name;
}
