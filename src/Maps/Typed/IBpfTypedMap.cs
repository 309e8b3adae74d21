namespace LibbpfSharp.Maps;

/// <summary>A type for one kind of map, which can be made over any map of that kind.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IBpfTypedMap<TSelf>
    where TSelf : IBpfTypedMap<TSelf>
{
    /// <summary>The map, as bytes.</summary>
    BpfMap Map { get; }

    /// <summary>Looks at a map as one of this kind, after checking that it is, with keys and values of these sizes and (where the map has BTF) shapes.</summary>
    /// <param name="map">The map. The result is a view of it: disposing of either closes it.</param>
    /// <exception cref="BpfException">EINVAL: it is not, and the message lists what differs.</exception>
    static abstract TSelf Bind(BpfMap map);
}
