namespace LibbpfSharp.Maps;

/// <summary>What all typed maps share: they are views of a <see cref="BpfMap"/>, checked once.</summary>
public abstract class BpfTypedMap : IDisposable
{
    private protected BpfTypedMap(BpfMap map) => Map = map;

    /// <summary>The map, as bytes; for pins, freezing, info, ids.</summary>
    public BpfMap Map { get; }

    /// <summary>Name; empty if it has none.</summary>
    public string Name => Map.Name;

    /// <summary>Capacity in elements.</summary>
    public uint MaxEntries => Map.MaxEntries;

    /// <summary>Closes the map (this process's descriptor of it).</summary>
    public void Dispose()
    {
        Map.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => Map.ToString();

    private protected static BpfMapSpec Spec(BpfMapType type, int keySize, int valueSize, uint maxEntries, string? name, BpfMapFlags flags) => new()
    {
        Type = type,
        KeySize = (uint)keySize,
        ValueSize = (uint)valueSize,
        MaxEntries = maxEntries,
        Name = name ?? "",
        Flags = flags,
    };
}
