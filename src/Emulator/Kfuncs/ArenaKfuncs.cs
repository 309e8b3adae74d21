namespace LibbpfSharp.Emulator;

/// <summary>Pages of an arena, by their addresses in user space: addr_space_cast makes them the program's.</summary>
internal static unsafe class ArenaKfuncs
{
    public static void Declare(KfuncTable table)
    {
        table.Add("bpf_arena_alloc_pages", "6.9", ProgramTypeSet.All, &Allocate, KfuncFlags.Sleepable | KfuncFlags.ReturnsNull);
        table.Add("bpf_arena_free_pages", "6.9", ProgramTypeSet.All, &Free, KfuncFlags.Sleepable);
    }

    private static ulong Allocate(RunContext run, ulong map, ulong address, ulong count, ulong node, ulong flags)
    {
        ArenaMap arena = ArenaOf(run, map);
        long page = -1;
        if (address != 0)
        {
            ulong offset = run.OffsetInArena(arena, address);
            if (offset % arena.PageSize != 0)
                return 0;
            page = (long)(offset / arena.PageSize);
        }

        if (flags != 0 || (int)node is < -1 or > 0)
            return 0; // one node of memory
        long first = arena.AllocatePages(page, (uint)count);
        return first < 0 ? 0 : arena.UserAddress + ((ulong)first * arena.PageSize);
    }

    private static ulong Free(RunContext run, ulong map, ulong address, ulong count, ulong r4, ulong r5)
    {
        ArenaMap arena = ArenaOf(run, map);
        if ((uint)count != 0 && address != 0)
            arena.FreePages((uint)(run.OffsetInArena(arena, address) / arena.PageSize), (uint)count);
        return 0;
    }

    private static ArenaMap ArenaOf(RunContext run, ulong map)
    {
        if (run.MapOf(map) is ArenaMap arena)
            return arena;
        RunContext.FaultArgument("The map is no arena.");
        return null!;
    }
}
