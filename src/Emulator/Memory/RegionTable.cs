using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The memory that one run may touch. The table has its full size from the start (2 MiB of address space, of which only
/// used pages are real), so its address never changes and an engine may keep it in a register.
/// </summary>
internal sealed unsafe class RegionTable : IDisposable
{
    private const int InitialSlots = 512;

    private Region* _entries;
    private object?[] _owners = new object?[RegionLayout.Dynamic + 64];

    // Finds the open lease of a native address, exactly: a lossy cache would make addresses depend on the allocator.
    private int* _slots;
    private int _slotMask;
    private int _leases;
    private int _next = RegionLayout.Dynamic;

    // Handed out last: a helper may still hold them in a local variable. A power of two.
    private readonly int[] _recent = new int[32];
    private int _recentCount;

    // Numbers that a sweep found free, the lowest last.
    private int[] _free = [];
    private int _freeCount;

    public RegionTable()
    {
        _entries = (Region*)NativeMemory.AllocZeroed(GuestAddress.RegionCount, Region.SizeInBytes);
        for (int i = 0; i < RegionLayout.Dynamic; i++)
            _entries[i].GuestBase = GuestAddress.Of(i);

        // Entries never opened have base 0, with which no address but one of the very last region could wrap around and pass.
        _entries[RegionLayout.ErrorPointers].GuestBase = GuestAddress.Of(RegionLayout.ErrorPointers);
        _slots = (int*)NativeMemory.AllocZeroed(InitialSlots, sizeof(int));
        _slotMask = InitialSlots - 1;
    }

    ~RegionTable() => Free();

    /// <summary>First entry; constant while the table lives.</summary>
    public Region* Entries => _entries;

    /// <summary>Regions opened on demand since the last reset.</summary>
    public int DynamicCount => _next - RegionLayout.Dynamic;

    /// <summary>Number of map regions that the installed program uses.</summary>
    public int FixedMaps { get; set; }

    /// <summary>Number of direct value regions that the installed program uses.</summary>
    public int FixedValues { get; set; }

    /// <summary>True when the next lease needs <see cref="Sweep"/> first.</summary>
    public bool IsFull => _next >= RegionLayout.ErrorPointers && _freeCount == 0;

    /// <summary>Opens one of the fixed regions, replacing what it was.</summary>
    /// <returns>The guest address of its first byte.</returns>
    public ulong OpenFixed(int region, RegionKind kind, byte* native, uint length, uint writable, object? owner = null, uint fullLength = 0)
    {
        Region* entry = _entries + region;
        Fill(entry, region, kind, native, length, writable, fullLength);
        _owners[region] = owner;
        return entry->GuestBase;
    }

    /// <summary>Opens a region with a number of its own.</summary>
    /// <returns>The guest address of its first byte, or 0 when no number is left.</returns>
    public ulong Open(RegionKind kind, byte* native, uint length, uint writable, object? owner, uint fullLength = 0)
    {
        if (IsFull)
            return 0;
        int region = _freeCount > 0 ? _free[--_freeCount] : _next++;
        Region* entry = _entries + region;
        Fill(entry, region, kind, native, length, writable, fullLength);
        if (region >= _owners.Length)
            Array.Resize(ref _owners, Math.Min(GuestAddress.RegionCount, _owners.Length * 2));
        _owners[region] = owner;
        _recent[_recentCount++ & (_recent.Length - 1)] = region;
        return entry->GuestBase;
    }

    /// <summary>The open region of these native bytes, or a new one: looking up one element twice gives one address.</summary>
    /// <returns>The guest address of its first byte, or 0 when no number is left.</returns>
    public ulong Lease(RegionKind kind, byte* native, uint length, uint writable, object? owner, uint fullLength = 0)
    {
        uint slot = Hash(native) & (uint)_slotMask;
        for (int region; (region = _slots[slot]) != 0; slot = (slot + 1) & (uint)_slotMask)
        {
            Region* entry = _entries + region;
            if ((byte*)((long)entry->GuestBase + entry->Delta) == native && entry->Kind == kind && entry->FullLength == Math.Max(length, fullLength))
            {
                // The element may have been deleted and its memory used again within the run.
                entry->ReadLength = length;
                entry->WriteLength = writable;
                _owners[region] = owner;
                _recent[_recentCount++ & (_recent.Length - 1)] = region;
                return entry->GuestBase;
            }
        }

        ulong address = Open(kind, native, length, writable, owner, fullLength);
        if (address == 0)
            return 0;
        _slots[slot] = GuestAddress.RegionOf(address);
        if (++_leases * 2 > _slotMask)
            Rehash((_slotMask + 1) * 2);
        return address;
    }

    public object? OwnerOf(int region) => region < _owners.Length ? _owners[region] : null;

    /// <summary>Makes a region inaccessible; its number is not used again in this run.</summary>
    public void Close(int region, RegionEnd end)
    {
        Region* entry = _entries + region;
        if (entry->Kind != RegionKind.None)
            entry->ClosedKind = entry->Kind;
        entry->Kind = RegionKind.None;
        entry->ReadLength = 0;
        entry->WriteLength = 0;
        entry->End = end;
    }

    /// <summary>Closes the region of a map value, if one is open.</summary>
    public void CloseLease(byte* native, RegionEnd end)
    {
        for (int i = RegionLayout.Dynamic; i < _next; i++)
        {
            Region* entry = _entries + i;
            if (entry->Kind == RegionKind.MapValue && (byte*)((long)entry->GuestBase + entry->Delta) == native)
                Close(i, end);
        }
    }

    /// <summary>Closes the regions of an object that goes before the run ends.</summary>
    public void CloseOwned(object owner, RegionEnd end)
    {
        for (int i = RegionLayout.Dynamic; i < _next; i++)
        {
            if (ReferenceEquals(OwnerOf(i), owner))
                Close(i, end);
        }
    }

    /// <summary>Closes every region opened on demand; for the end of a run.</summary>
    public void Reset()
    {
        int next = _next;
        if (next == RegionLayout.Dynamic)
            return;
        NativeMemory.Clear(_entries + RegionLayout.Dynamic, (nuint)(next - RegionLayout.Dynamic) * Region.SizeInBytes);
        Array.Clear(_owners, RegionLayout.Dynamic, next - RegionLayout.Dynamic);
        if (_leases > 0)
        {
            NativeMemory.Clear(_slots, (nuint)(_slotMask + 1) * sizeof(int));
            _leases = 0;
        }

        _next = RegionLayout.Dynamic;
        _freeCount = 0;
    }

    /// <summary>
    /// Frees the numbers of map keys and values that <paramref name="isReferenced"/> no longer finds anywhere, by moving
    /// nothing: a program's addresses stay what they are, so a number is only used again when no register and no stack slot
    /// can still hold it.
    /// </summary>
    /// <param name="isReferenced">One bit per region.</param>
    /// <returns>The number of regions freed.</returns>
    public int Sweep(Span<ulong> isReferenced)
    {
        foreach (int region in _recent)
            isReferenced[region >> 6] |= 1UL << (region & 63);

        // Regions that carry state besides memory (records, tasks) are never given up; leases and objects of the program are.
        if (_free.Length == 0)
            _free = new int[GuestAddress.RegionCount];
        _freeCount = 0;
        for (int i = _next - 1; i >= RegionLayout.Dynamic; i--)
        {
            Region* entry = _entries + i;
            bool disposable = entry->Kind is RegionKind.MapValue or RegionKind.MapKey or RegionKind.None || _owners[i] is AllocatedObject;
            if (!disposable || (isReferenced[i >> 6] & (1UL << (i & 63))) != 0)
                continue;
            *entry = default;
            _owners[i] = null;
            _free[_freeCount++] = i;
        }

        Rehash(_slotMask + 1);
        return _freeCount;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void Fill(Region* entry, int region, RegionKind kind, byte* native, uint length, uint writable, uint fullLength)
    {
        entry->GuestBase = GuestAddress.Of(region);
        entry->Delta = (long)native - (long)entry->GuestBase;
        entry->ReadLength = length;
        entry->WriteLength = writable;
        entry->Kind = kind;
        entry->ClosedKind = RegionKind.None;
        entry->End = RegionEnd.None;
        entry->FullLength = Math.Max(length, fullLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(byte* native) => (uint)(((ulong)native >> 3) * 0x9E3779B97F4A7C15UL >> 40);

    private void Rehash(int size)
    {
        NativeMemory.Free(_slots);
        _slots = (int*)NativeMemory.AllocZeroed((nuint)size, sizeof(int));
        _slotMask = size - 1;
        _leases = 0;
        for (int i = RegionLayout.Dynamic; i < _next; i++)
        {
            Region* entry = _entries + i;
            if (entry->Kind is not (RegionKind.MapValue or RegionKind.MapKey or RegionKind.KernelObject))
                continue;
            uint slot = Hash((byte*)((long)entry->GuestBase + entry->Delta)) & (uint)_slotMask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & (uint)_slotMask;
            _slots[slot] = i;
            _leases++;
        }
    }

    private void Free()
    {
        NativeMemory.Free(_entries);
        NativeMemory.Free(_slots);
        _entries = null;
        _slots = null;
    }
}
