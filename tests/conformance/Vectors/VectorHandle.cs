using System.Text.Json;

namespace LibbpfSharp.Tests.Conformance.Vectors;

/// <summary>A descriptor that a scenario names, with the attributes of its map.</summary>
internal sealed class VectorHandle(int fd, JsonElement? map)
{
    /// <summary>The descriptor; -1 when it was not made or is closed.</summary>
    public int Fd { get; set; } = fd;

    /// <summary>The object's id, kept when the descriptor closes.</summary>
    public uint Id { get; set; }

    /// <summary>Attributes of the map; null for programs and BTF.</summary>
    public JsonElement? Map { get; } = map;

    /// <summary>The cursor that the last batch call gave.</summary>
    public byte[]? Cursor { get; set; }

    public string Type => Map!.Value.GetProperty("type").GetString()!;

    public int KeySize => Size("key_size");

    public int ValueSize => Size("value_size");

    public bool IsPerCpu => Type is "PERCPU_HASH" or "PERCPU_ARRAY" or "LRU_PERCPU_HASH" or "PERCPU_CGROUP_STORAGE";

    public bool IsHash => Type is "HASH" or "PERCPU_HASH" or "LRU_HASH" or "LRU_PERCPU_HASH" or "HASH_OF_MAPS";

    public bool HoldsDescriptors => Type is "PROG_ARRAY" or "ARRAY_OF_MAPS" or "HASH_OF_MAPS" or "PERF_EVENT_ARRAY" or "CGROUP_ARRAY";

    /// <summary>Bytes of a value as system calls pass it, with two possible CPUs.</summary>
    public int ValueBytes => IsPerCpu ? (ValueSize + 7) / 8 * 8 * 2 : ValueSize;

    private int Size(string name) => unchecked((int)Map!.Value.GetProperty(name).GetUInt32());
}
