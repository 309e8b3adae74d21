namespace LibbpfSharp.Emulator;

/// <summary>iter/bpf_map: all maps by id.</summary>
internal sealed unsafe class MapIterator(EmulatedKernel kernel) : IteratorTarget(kernel)
{
    public override IteratorItem? Find(ulong position)
    {
        for (uint id = position == 0 ? 0 : (uint)position - 1; Kernel.Maps.TryGetNext(id, out id);)
        {
            if (Kernel.Maps.TryAcquire(id, out EmulatedMap? map))
                return new Item(map) { Position = id };
        }

        return null;
    }

    /// <summary>A map as programs receive it: struct bpf_map to read, and a map for kfuncs.</summary>
    public static ulong AddressOf(RunContext run, EmulatedMap map) => run.OpenRegion(RegionKind.Map, map.Structure.Memory, map.Structure.Size, 0, map);

    private sealed class Item(EmulatedMap map) : IteratorItem
    {
        public override void Fill(RunContext run, ulong* words) => words[1] = AddressOf(run, map);

        public override void Dispose() => map.Release();
    }
}
