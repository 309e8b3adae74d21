using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>What all maps with index keys share.</summary>
internal static unsafe class ArrayKeys
{
    /// <summary>The checks of an update, in Linux's order.</summary>
    public static int CheckUpdate(uint index, uint maxEntries, ulong flags)
    {
        if ((flags & ~4UL) > 2)
            return -Errno.EINVAL;
        if (index >= maxEntries)
            return -Errno.E2BIG;
        return (flags & 1) != 0 ? -Errno.EEXIST : 0;
    }

    /// <summary>BPF_MAP_GET_NEXT_KEY: all indexes in ascending order.</summary>
    public static int Next(byte* key, ulong next, uint maxEntries)
    {
        uint index = key == null ? uint.MaxValue : *(uint*)key;
        uint result;
        if (index >= maxEntries)
            result = 0;
        else if (index == maxEntries - 1)
            return -Errno.ENOENT;
        else
            result = index + 1;
        if (!UserMemory.IsValid(next))
            return -Errno.EFAULT;
        *(uint*)next = result;
        return 0;
    }

    /// <summary>Goes on to the next index of a walk.</summary>
    public static bool Advance(MapElementCursor* cursor, uint maxEntries, out byte* key)
    {
        key = (byte*)&cursor->Index;
        if (cursor->Position >= maxEntries)
            return false;
        cursor->Index = (uint)cursor->Position++;
        return true;
    }

    /// <summary>The batches that arrays have: lookup and update.</summary>
    public static int Batch(EmulatedMap map, BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => command switch
    {
        BpfCommand.MapLookupBatch => MapBatch.Lookup(map, ref attr),
        BpfCommand.MapUpdateBatch => MapBatch.Update(map, ref attr, file),
        _ => -Errno.ENOTSUPP,
    };
}
