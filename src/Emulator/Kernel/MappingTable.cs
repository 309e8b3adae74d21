using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>What of maps is mapped into user space. A mapping is an address inside the map's own memory, and keeps it alive.</summary>
internal sealed class MappingTable(EmulatedKernel kernel)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<nint, List<Mapping>> _mappings = [];

    /// <summary>Mappings there are, for leak checks.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _mappings.Values.Sum(list => list.Count);
        }
    }

    public int Map(KernelFile file, nuint length, MemoryProtection protection, MemorySharing sharing, ulong offset, ref nint address)
    {
        ulong page = (ulong)kernel.Machine.PageSize;
        if (length == 0 || offset % page != 0 || sharing is not (MemorySharing.Shared or MemorySharing.Private))
            return -Errno.EINVAL;

        // mmap(2) itself: reading is needed for any mapping, writing for one that can write and shares.
        if (!file.CanRead || (sharing == MemorySharing.Shared && (protection & MemoryProtection.Write) != 0 && !file.CanWrite))
            return -Errno.EACCES;
        ulong rounded = (length + page - 1) & ~(page - 1);
        var request = new MemoryRequest(rounded, offset, protection, sharing == MemorySharing.Shared && !file.CanWrite ? MemorySharing.Private : sharing, address);
        int error = file.Object.MapMemory(file, request, out nint mapped);
        if (error != 0)
            return error;
        file.Object.Acquire();
        file.AddDescriptor();
        lock (_lock)
        {
            if (!_mappings.TryGetValue(mapped, out List<Mapping>? list))
                _mappings[mapped] = list = [];
            list.Add(new Mapping(file, (nuint)rounded, protection));
        }

        if (request.IsWritable)
            (file.Object as EmulatedMap)?.AddWritableMapping();

        address = mapped;
        return 0;
    }

    public int Unmap(nint address, nuint length)
    {
        ulong page = (ulong)kernel.Machine.PageSize;
        if (length == 0 || (nuint)address % page != 0)
            return -Errno.EINVAL;
        nuint rounded = (length + (nuint)page - 1) & ~(nuint)(page - 1);
        Mapping mapping;
        lock (_lock)
        {
            // munmap(2) of what is not mapped succeeds and does nothing.
            if (!_mappings.TryGetValue(address, out List<Mapping>? list))
                return 0;
            int index = list.FindIndex(m => m.Length == rounded);
            if (index < 0)
                return -Errno.EINVAL; // parts of a mapping stay mapped as a whole
            mapping = list[index];
            list.RemoveAt(index);
            if (list.Count == 0)
                _mappings.Remove(address);
        }

        Drop(mapping);
        return 0;
    }

    public int Protect(nint address, nuint length, MemoryProtection protection)
    {
        lock (_lock)
        {
            if (!_mappings.TryGetValue(address, out List<Mapping>? list))
                return -Errno.ENOMEM;
            int index = list.FindIndex(m => m.Length >= length);
            if (index < 0)
                return -Errno.ENOMEM;
            Mapping mapping = list[index];

            // A mapping that was made to be read stays so: the map did not count it as a writer.
            bool adds = (protection & MemoryProtection.Write) != 0 && (mapping.Protection & MemoryProtection.Write) == 0;
            return adds ? -Errno.EACCES : 0;
        }
    }

    public void Clear()
    {
        List<Mapping> all;
        lock (_lock)
        {
            all = [.. _mappings.Values.SelectMany(list => list)];
            _mappings.Clear();
        }

        all.ForEach(Drop);
    }

    private static void Drop(Mapping mapping)
    {
        if ((mapping.Protection & MemoryProtection.Write) != 0)
            (mapping.File.Object as EmulatedMap)?.RemoveWritableMapping();
        mapping.File.Object.OnUnmapped();
        mapping.File.RemoveDescriptor();
        mapping.File.Object.Release();
    }

    private sealed record Mapping(KernelFile File, nuint Length, MemoryProtection Protection);
}
