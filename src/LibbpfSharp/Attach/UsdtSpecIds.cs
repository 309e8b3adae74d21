namespace LibbpfSharp;

/// <summary>Which slots of an object's __bpf_usdt_specs are in use.</summary>
internal sealed class UsdtSpecIds
{
    private readonly Lock _lock = new();
    private readonly SortedSet<uint> _free = [];
    private uint _next;

    /// <summary>That many slots, or null if the map is too small.</summary>
    public uint[]? Take(int count, uint capacity)
    {
        lock (_lock)
        {
            if (_free.Count + (long)(capacity - Math.Min(_next, capacity)) < count)
                return null;
            uint[] ids = new uint[count];
            for (int i = 0; i < ids.Length; i++)
            {
                if (_free.Count > 0)
                {
                    ids[i] = _free.Min;
                    _free.Remove(ids[i]);
                }
                else
                {
                    ids[i] = _next++;
                }
            }

            return ids;
        }
    }

    /// <summary>Gives slots back.</summary>
    public void Return(uint[] ids)
    {
        lock (_lock)
            _free.UnionWith(ids);
    }
}
