using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

internal sealed unsafe partial class RunContext
{
    /// <summary>Native address of guest memory, if all of it may be accessed so.</summary>
    /// <param name="address">Guest address.</param>
    /// <param name="size">Bytes; 0 always succeeds.</param>
    /// <param name="write">To be written.</param>
    /// <param name="native">The native address.</param>
    /// <returns>False if any byte may not be accessed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTranslate(ulong address, ulong size, bool write, out byte* native)
    {
        Region* region = Regions + GuestAddress.RegionOf(address);
        native = (byte*)((long)address + region->Delta);
        if (size > uint.MaxValue || address - region->GuestBase + size > (write ? region->WriteLength : region->ReadLength))
            return size == 0 || IsAroundPointers(region, address, size);
        if (Diagnosis is not null)
            Diagnosis.Touch(this, address, size, write);
        return true;
    }

    /// <summary>Native address of guest memory to read; a fault if it may not be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Read(ulong address, ulong size)
    {
        if (!TryTranslate(address, size, false, out byte* native))
            FaultAccess(address, size, false);
        return native;
    }

    /// <summary>Native address of guest memory to write; a fault if it may not be written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Write(ulong address, ulong size)
    {
        if (!TryTranslate(address, size, true, out byte* native))
            FaultAccess(address, size, true);
        return native;
    }

    /// <summary>The bytes that can be read from an address on, at most so many; empty if none can.</summary>
    public ReadOnlySpan<byte> ReadableSpan(ulong address, int maximum)
    {
        Region* region = Regions + GuestAddress.RegionOf(address);
        ulong offset = address - region->GuestBase;
        if (offset >= region->ReadLength)
            return default;
        return new ReadOnlySpan<byte>((byte*)((long)address + region->Delta), (int)Math.Min((ulong)maximum, region->ReadLength - offset));
    }

    /// <summary>What an address points into; <see cref="RegionKind.None"/> if nothing open.</summary>
    public RegionKind KindOf(ulong address)
    {
        Region* region = Regions + GuestAddress.RegionOf(address);
        return address - region->GuestBase <= uint.MaxValue ? region->Kind : RegionKind.None;
    }

    /// <summary>The object that the region at an address belongs to.</summary>
    public object? OwnerOf(ulong address)
    {
        int region = GuestAddress.RegionOf(address);
        return address - Regions[region].GuestBase <= uint.MaxValue ? Memory.OwnerOf(region) : null;
    }

    /// <summary>The map that a register holds; a fault if it holds no map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EmulatedMap MapOf(ulong address)
    {
        EmulatedMap[] maps = Program.Code.Maps;
        uint index = (uint)(address >> GuestAddress.RegionShift) - ((uint)(GuestAddress.Tag >> GuestAddress.RegionShift) | RegionLayout.Maps);
        return index < (uint)maps.Length && (uint)address == 0 ? maps[index] : DynamicMapOf(address);
    }

    /// <summary>Address of a map's value: the region of exactly this value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong LeaseValue(EmulatedMap map, byte* value) =>
        value == null ? 0 : map.Fields is null
            ? LeaseRegion(RegionKind.MapValue, value, map.ValueSize, map.ProgramsCanWrite ? map.ValueSize : 0, map)
            : LeaseOwned(RegionKind.MapValue, value, map.ValueSize, map.Fields, map);

    /// <summary>Address of a value or object with fields that the kernel owns: the one compare lets through what is before the first kptr.</summary>
    public ulong LeaseOwned(RegionKind kind, byte* native, uint size, MapFields? fields, object owner)
    {
        uint plain = Math.Min(size, fields?.FirstPointer ?? uint.MaxValue);
        return LeaseRegion(kind, native, plain, plain, owner, size);
    }

    /// <summary>Address of a map's key.</summary>
    public ulong LeaseKey(EmulatedMap map, byte* key) => LeaseRegion(RegionKind.MapKey, key, map.KeySize, 0, map);

    /// <summary>Address of a map that is no constant of the program: an inner map, a map a callback gets.</summary>
    public ulong LeaseMap(EmulatedMap map)
    {
        EmulatedMap[] maps = Program.Code.Maps;
        for (int i = 0; i < maps.Length; i++)
        {
            if (ReferenceEquals(maps[i], map))
                return GuestAddress.Of(RegionLayout.Maps + i);
        }

        for (int i = RegionLayout.Dynamic; i < RegionLayout.Dynamic + Memory.DynamicCount; i++)
        {
            if (Regions[i].Kind == RegionKind.Map && ReferenceEquals(Memory.OwnerOf(i), map))
                return GuestAddress.Of(i);
        }

        return OpenRegion(RegionKind.Map, null, 0, 0, map);
    }

    /// <summary>The region of these native bytes, made if there is none; the same bytes give the same address within a run.</summary>
    public ulong LeaseRegion(RegionKind kind, byte* native, uint length, uint writable, object? owner, uint fullLength = 0)
    {
        ulong address = Memory.Lease(kind, native, length, writable, owner, fullLength);
        if (address != 0)
            return address;
        SweepRegions();
        return Memory.Lease(kind, native, length, writable, owner, fullLength);
    }

    /// <summary>A new region, for memory whose address must not be shared: records, objects, slices.</summary>
    public ulong OpenRegion(RegionKind kind, byte* native, uint length, uint writable, object? owner)
    {
        if (Memory.IsFull)
            SweepRegions();
        return Memory.Open(kind, native, length, writable, owner);
    }

    /// <summary>Makes the region at an address inaccessible.</summary>
    public void CloseRegion(ulong address, RegionEnd end) => Memory.Close(GuestAddress.RegionOf(address), end);

    /// <summary>What a helper returns for an error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Error(int errno) => (ulong)(long)-errno;

    /// <summary>Ends the run with a fault.</summary>
    [DoesNotReturn]
    public static void Fault(BpfFaultKind kind, string message) => throw new BpfFaultException(kind, message);

    /// <summary>Ends the run with a fault about an argument of a helper.</summary>
    [DoesNotReturn]
    public static void FaultArgument(string message) => throw new BpfFaultException(BpfFaultKind.InvalidArgument, message);

    /// <summary>Ends the run with a fault about an access, of the kind that fits the address.</summary>
    [DoesNotReturn]
    public void FaultAccess(ulong address, ulong size, bool write) => throw FaultReport.Access(this, address, size, write);

    private EmulatedMap DynamicMapOf(ulong address)
    {
        if (KindOf(address) == RegionKind.Map && (uint)address == 0 && OwnerOf(address) is EmulatedMap map)
            return map;
        FaultArgument(address == 0 ? "A map was expected but the pointer is NULL." : $"A map was expected but 0x{address:x} is none.");
        return null;
    }

    /// <summary>The program that a frame belongs to.</summary>
    public EmulatedProgram ProgramOfFrame(int depth)
    {
        EmulatedProgram program = Program;
        for (int i = Depth; i > depth; i--)
        {
            if (_frames[i].Replaced != 0)
                program = _framePrograms[i]!;
        }

        return program;
    }

    // Every number is taken: find those that no register and no stack slot can still hold.
    private void SweepRegions()
    {
        var marks = new ulong[GuestAddress.RegionCount / 64];
        for (int depth = 0; depth <= Depth; depth++)
        {
            Mark(marks, _frames[depth].Registers, 12);
            Mark(marks, (ulong*)StackOf(depth), StackSize / 8);
        }

        foreach (ulong address in _kept.AsSpan(0, _keptCount))
            Mark(marks, &address, 1);
        foreach (HeldResource held in _resources.AsSpan(0, _held))
        {
            ulong address = held.Address;
            Mark(marks, &address, 1);
        }

        for (int i = RegionLayout.Scratch; i < RegionLayout.Stack; i++)
        {
            if (Regions[i].ReadLength >= 8)
                Mark(marks, (ulong*)((long)Regions[i].GuestBase + Regions[i].Delta), (int)Math.Min(Regions[i].ReadLength / 8, 4096));
        }

        if (Memory.Sweep(marks) == 0)
            Fault(BpfFaultKind.ResourceLimit, $"More than {GuestAddress.RegionCount - RegionLayout.Dynamic} pieces of memory are in use at once.");

        static void Mark(ulong[] marks, ulong* words, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (!GuestAddress.IsTagged(words[i]))
                    continue;

                // A pointer may stand one region off: past the end or before the beginning.
                int region = GuestAddress.RegionOf(words[i]);
                marks[region >> 6] |= 1UL << (region & 63);
                region = Math.Min(region + 1, GuestAddress.RegionCount - 1);
                marks[region >> 6] |= 1UL << (region & 63);
            }
        }
    }
}
