using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Cli.Run;

/// <summary>The elements of a map, in order of their keys.</summary>
internal sealed record MapDump(string Name, string Type, IReadOnlyList<(byte[] Key, byte[] Value)>? Entries)
{
    // Of a larger array elements that are all zero are left out.
    private const int WholeArray = 64;

    public static MapDump Make(string name, BpfMap map) => new(name, BpfTypeNames.GetMapType((uint)map.Type), CanBeListed(map.Type) ? List(map) : null);

    private static bool CanBeListed(BpfMapType type) => type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash
        or BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.LpmTrie;

    private static List<(byte[] Key, byte[] Value)> List(BpfMap map)
    {
        bool sparse = map.Type is BpfMapType.Array or BpfMapType.PerCpuArray && map.MaxEntries > WholeArray;
        SortedDictionary<string, (byte[], byte[])> found = new(StringComparer.Ordinal);
        byte[] key = new byte[map.KeySize];
        bool more = map.GetNextKey([], key);

        // A program that still runs may change the map: the walk ends after as many steps as there can be elements.
        for (uint i = 0; more && i < map.MaxEntries; i++)
        {
            byte[] value = new byte[map.ElementSize];
            if (map.LookupElem(key, value) && (!sparse || value.AsSpan().ContainsAnyExcept((byte)0)))
                found[Convert.ToHexStringLower(key)] = ([.. key], value);
            byte[] next = new byte[map.KeySize];
            more = map.GetNextKey(key, next);
            key = next;
        }

        return [.. found.Values];
    }
}
