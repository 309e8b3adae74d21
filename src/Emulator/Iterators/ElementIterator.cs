namespace LibbpfSharp.Emulator;

/// <summary>
/// iter/bpf_map_elem: the elements of a map. A per-CPU value comes whole, as a copy; any other is the map's own and may be
/// written. The walk is over the keys that were there when it began; those that are gone meanwhile are left out.
/// </summary>
internal sealed unsafe class ElementIterator(EmulatedKernel kernel, EmulatedMap map) : IteratorTarget(kernel)
{
    private List<byte[]>? _keys;

    /// <summary>Whether Linux iterates over elements of a map of this type.</summary>
    public static bool Takes(BpfMapType type) => type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash
        or BpfMapType.Array or BpfMapType.PerCpuArray;

    public override IteratorItem? Find(ulong position)
    {
        _keys ??= ReadKeys();
        for (ulong at = position; at < (ulong)_keys.Count; at++)
        {
            var key = new NativeBlock(map.KeySize);
            _keys[(int)at].CopyTo(new Span<byte>(key.Start, (int)map.KeySize));
            if (map.LookupElement(key.Start, 0) is not null and var value)
            {
                NativeBlock? copy = null;
                if (map.IsPerCpu)
                {
                    copy = new NativeBlock(map.SyscallValueSize);
                    if (map.SyscallLookup(key.Start, (ulong)copy.Start, 0) != 0)
                    {
                        copy.Dispose();
                        key.Dispose();
                        continue;
                    }
                }

                return new Item(map, key, value, copy) { Position = at };
            }

            key.Dispose();
        }

        return null;
    }

    public override void FillEnd(RunContext run, ulong* words) => words[1] = MapIterator.AddressOf(run, map);

    private List<byte[]> ReadKeys()
    {
        var keys = new List<byte[]>();
        MapElementCursor cursor = default;
        while (map.NextElement(&cursor, 0, out byte* key, out _))
            keys.Add(new ReadOnlySpan<byte>(key, (int)map.KeySize).ToArray());
        return keys;
    }

    private sealed class Item(EmulatedMap map, NativeBlock key, byte* value, NativeBlock? copy) : IteratorItem
    {
        public override void Fill(RunContext run, ulong* words)
        {
            words[1] = MapIterator.AddressOf(run, map);
            words[2] = run.LeaseKey(map, key.Start);
            words[3] = copy is null
                ? run.LeaseRegion(RegionKind.MapValue, value, map.ValueSize, map.ValueSize, map)
                : run.OpenRegion(RegionKind.Memory, copy.Start, map.SyscallValueSize, map.SyscallValueSize, map);
        }

        public override void Dispose()
        {
            key.Dispose();
            copy?.Dispose();
        }
    }
}
