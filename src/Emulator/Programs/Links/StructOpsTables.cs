namespace LibbpfSharp.Emulator;

/// <summary>The tables of callbacks that are registered, by links and without; each keeps its map.</summary>
internal sealed class StructOpsTables
{
    private readonly Lock _lock = new();
    private readonly List<StructOpsMap> _tables = [];

    /// <summary>Those registered, oldest first.</summary>
    public StructOpsMap[] All
    {
        get
        {
            lock (_lock)
                return [.. _tables];
        }
    }

    /// <summary>Registers a table.</summary>
    /// <returns>0, or -EEXIST if one of the same name is registered.</returns>
    public int Register(StructOpsMap map)
    {
        lock (_lock)
        {
            if (_tables.Exists(t => t.ValueTypeId == map.ValueTypeId && t.Key == map.Key && map.Key.Length > 0))
                return -Errno.EEXIST;
            map.Acquire();
            _tables.Add(map);
            return 0;
        }
    }

    /// <summary>Puts another table in the place of a registered one.</summary>
    /// <returns>0, or -EINVAL if it is of another struct or name.</returns>
    public int Replace(StructOpsMap map, StructOpsMap next)
    {
        lock (_lock)
        {
            int at = _tables.IndexOf(map);
            if (at < 0 || next.ValueTypeId != map.ValueTypeId || next.Key != map.Key)
                return -Errno.EINVAL;
            next.Acquire();
            _tables[at] = next;
        }

        map.Release();
        return 0;
    }

    /// <summary>Takes a table out, if it is in.</summary>
    public void Unregister(StructOpsMap map)
    {
        lock (_lock)
        {
            if (!_tables.Remove(map))
                return;
        }

        map.Release();
    }
}
