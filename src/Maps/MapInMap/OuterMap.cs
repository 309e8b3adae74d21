using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>Elements of outer maps: a descriptor goes in, a map's id comes out.</summary>
internal static unsafe class OuterMap
{
    public static void Update(BpfMap outer, void* key, BpfMap inner, BpfUpdateFlags flags)
    {
        ArgumentNullException.ThrowIfNull(inner);
        inner.Handle.RequireKernel(outer.Kernel);
        int fd = inner.Handle.Enter();
        try
        {
            int result = outer.Call(BpfCommand.MapUpdateElem, key, &fd, (ulong)flags);
            if (result < 0)
                MapErrors.Throw(result, outer, MapErrors.Update, flags);
        }
        finally
        {
            inner.Handle.Exit();
        }
    }

    public static bool LookupId(BpfMap outer, void* key, out uint id)
    {
        uint found = 0;
        bool result = outer.Found(outer.Call(BpfCommand.MapLookupElem, key, &found, 0), MapErrors.Lookup, 0);
        id = found;
        return result;
    }

    /// <summary>The inner map as its type; null if the slot is empty, or was emptied meanwhile.</summary>
    public static TInner? Open<TInner>(BpfMap outer, void* key)
        where TInner : class, IBpfTypedMap<TInner>
    {
        if (!LookupId(outer, key, out uint id) || !BpfMap.TryOpenById(outer.Kernel, id, out BpfMap? map))
            return null;
        try
        {
            return TInner.Bind(map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    public static BpfMapSpec Spec(BpfMapType type, int keySize, BpfMap inner, uint maxEntries, string? name, BpfMapFlags flags)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new BpfMapSpec
        {
            Type = type,
            KeySize = (uint)keySize,
            ValueSize = sizeof(uint),
            MaxEntries = maxEntries,
            Name = name ?? "",
            Flags = flags,
            InnerMap = inner,
        };
    }
}
