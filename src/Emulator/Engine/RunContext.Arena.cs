namespace LibbpfSharp.Emulator;

internal sealed unsafe partial class RunContext
{
    /// <summary>Address at which the program sees a byte of an arena: one region for all of it.</summary>
    public ulong ArenaAddress(ArenaMap arena, ulong offset)
    {
        // The code may address the arena by constants already.
        DirectValue[] values = Program.Code.DirectValues;
        for (int i = 0; i < values.Length; i++)
        {
            if (ReferenceEquals(values[i].Map, arena))
                return GuestAddress.Of(RegionLayout.DirectValues + i, (uint)offset);
        }

        uint length = (uint)Math.Min(arena.Size, uint.MaxValue);
        return LeaseRegion(RegionKind.Arena, arena.Memory, length, length, arena) + (uint)offset;
    }

    /// <summary>The byte of an arena that an address means, the program's or user space's: as on Linux the lower 32 bits decide.</summary>
    public ulong OffsetInArena(ArenaMap arena, ulong address) =>
        GuestAddress.IsTagged(address) ? GuestAddress.OffsetOf(address) : (uint)address - (uint)arena.UserAddress;

    /// <summary>addr_space_cast: an arena address for user space, to be stored where that will follow it, or for the program's own accesses.</summary>
    public ulong CastAddress(ulong address, bool toUser)
    {
        if ((uint)address == 0 && !GuestAddress.IsTagged(address))
            return 0;
        foreach (EmulatedMap map in Program.Code.Maps)
        {
            if (map is not ArenaMap arena)
                continue;
            ulong offset = OffsetInArena(arena, address);
            return toUser ? arena.UserAddress + offset : ArenaAddress(arena, offset);
        }

        return address; // the program would not have been loaded
    }
}
