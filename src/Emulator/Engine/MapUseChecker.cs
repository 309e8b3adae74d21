using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Refuses helper calls that a map does not take, where the map is a constant: changes of a map that programs may only read,
/// reads of one that they may only write, bpf_for_each_map_elem() over a type without it. Linux's verifier knows every case;
/// what is not seen here is a fault when it is reached.
/// </summary>
internal static class MapUseChecker
{
    public static void Check(ProgramLoad load, ProgramCode code)
    {
        if (code.Maps.All(m => m.ProgramsCanRead && m.ProgramsCanWrite && m.SupportsForEach))
            return;
        BpfInstruction[] instructions = load.Instructions;
        for (int slot = 0; slot < instructions.Length; slot++)
        {
            BpfInstruction i = instructions[slot];
            if (i.IsHelperCall && FindMap(load, code, slot) is { } map)
                CheckCall(load, slot, (BpfHelperId)i.Immediate, map);
            if (i.IsLoadImm64)
                slot++;
        }
    }

    private static void CheckCall(ProgramLoad load, int slot, BpfHelperId helper, EmulatedMap map)
    {
        switch (helper)
        {
            case BpfHelperId.MapUpdateElem or BpfHelperId.MapDeleteElem or BpfHelperId.MapPushElem or BpfHelperId.MapPopElem when !map.ProgramsCanWrite:
                throw load.Refuse(Errno.EACCES, slot, "write into map forbidden");
            case BpfHelperId.MapLookupElem or BpfHelperId.MapLookupPercpuElem when !map.ProgramsCanRead && FindRead(load.Instructions, slot) is { } read:
                throw load.Refuse(Errno.EACCES, read, $"read from map forbidden, value_size={map.ValueSize}");
            case BpfHelperId.ForEachMapElem when !map.SupportsForEach:
                throw load.Refuse(Errno.ENOTSUPP, slot, "callback function not allowed for map");
        }
    }

    // The map in r1 at a call, if the instructions just before it load it.
    private static EmulatedMap? FindMap(ProgramLoad load, ProgramCode code, int call)
    {
        for (int slot = call - 1; slot >= 0; slot--)
        {
            BpfInstruction i = load.Instructions[slot];
            if (i.IsJump || i.IsCall || i.IsExit)
                return null;
            if (i.Dst != 1 || i.Opcode == 0 || !InstructionRules.WritesDestination(i))
                continue;
            BpfInstruction shown = code.Shown[slot];
            return i.IsLoadImm64 && shown.Src == BpfPseudo.MapFd ? Array.Find(code.Maps, m => m.Id == (uint)shown.Immediate) : null;
        }

        return null;
    }

    // The first load through what the call gave, followed through copies to the next call of the same kind or the end.
    private static int? FindRead(BpfInstruction[] instructions, int call)
    {
        int holders = 1;
        for (int slot = call + 1; slot < instructions.Length && holders != 0; slot++)
        {
            BpfInstruction i = instructions[slot];
            bool held = (holders & (1 << i.Src)) != 0;
            if (i.Class == BpfOpcode.Ldx && held)
                return slot;
            if (i.Opcode == (BpfOpcode.Alu64 | BpfOpcode.Mov | BpfOpcode.X))
                holders = held ? holders | (1 << i.Dst) : holders & ~(1 << i.Dst);
            else if (i.IsCall)
                holders &= ~0x3f;
            else if (i.IsLoadImm64)
                holders &= ~(1 << i.Dst);
            if (i.IsLoadImm64)
                slot++;
        }

        return null;
    }
}
