namespace LibbpfSharp.Emulator;

/// <summary>What the maps inside a map of maps must be like.</summary>
internal sealed class InnerMapTemplate
{
    private readonly BpfMapType _type;
    private readonly uint _keySize, _valueSize, _maxEntries;
    private readonly BpfMapFlags _flags;

    private InnerMapTemplate(EmulatedMap inner)
    {
        _type = inner.Type;
        _keySize = inner.KeySize;
        _valueSize = inner.ValueSize;
        _maxEntries = inner.MaxEntries;
        _flags = inner.Flags;
        Fields = inner.Fields;
    }

    /// <summary>Kind of the inner maps, for load-time checks.</summary>
    public BpfMapType Type => _type;

    public uint KeySize => _keySize;

    public uint ValueSize => _valueSize;

    public MapFields? Fields { get; }

    /// <summary>Takes a map as template.</summary>
    /// <returns>0, -EBADF, -EINVAL for what is no map or holds maps itself, -ENOTSUPP for types that cannot be inside.</returns>
    public static int Create(EmulatedKernel kernel, uint fd, out InnerMapTemplate? template)
    {
        template = null;
        int error = kernel.Find(fd, out EmulatedMap? inner);
        if (error != 0)
            return error;
        switch (inner!.Type)
        {
            case BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps:
                return -Errno.EINVAL;
            case BpfMapType.ProgArray or BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage or BpfMapType.StructOps:
                return -Errno.ENOTSUPP;
        }

        template = new InnerMapTemplate(inner);
        return 0;
    }

    /// <summary>The map of a descriptor, if it is like the template.</summary>
    /// <returns>0, -EBADF or -EINVAL.</returns>
    public int Resolve(EmulatedKernel kernel, uint fd, out EmulatedMap? map)
    {
        int error = kernel.Find(fd, out map);
        if (error != 0)
            return error;
        bool equal = map!.Type == _type && map.KeySize == _keySize && map.ValueSize == _valueSize && map.Flags == _flags
            && MapFields.AreEqual(map.Fields, Fields)
            && (_type != BpfMapType.Array || (_flags & BpfMapFlags.InnerMap) != 0 || map.MaxEntries == _maxEntries);
        return equal ? 0 : -Errno.EINVAL;
    }
}
