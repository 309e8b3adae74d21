namespace LibbpfSharp.Emulator;

/// <summary>Accesses that the one compare did not allow: converted contexts, and faults.</summary>
internal static unsafe class SlowAccess
{
    public static ulong Load(RunContext run, Op* op, ulong* r)
    {
        (int size, bool signed) = op->Code switch
        {
            OpCode.Load8 or OpCode.Load8JeqK32 or OpCode.Load8JneK32 => (1, false),
            OpCode.Load16 => (2, false),
            OpCode.Load32 => (4, false),
            OpCode.Load64 => (8, false),
            OpCode.LoadSx8 => (1, true),
            OpCode.LoadSx16 => (2, true),
            _ => (4, true),
        };
        ulong value = Load(run, r[op->Src] + (ulong)(long)op->Offset, size);
        return !signed ? value : size switch { 1 => (ulong)(sbyte)value, 2 => (ulong)(short)value, _ => (ulong)(int)value };
    }

    /// <summary>A load that the region table did not allow.</summary>
    public static ulong Load(RunContext run, ulong address, int size)
    {
        ProgramKind kind = run.Program.Kind;
        ulong offset = address - run.ContextAddress;
        if (!kind.HasPlainContext && offset < kind.ContextSize && kind.TryLoad(run, (uint)offset, size, out ulong value))
            return value;
        if (run.TryLoadPointer(address, size, out value))
            return value;
        if (run.TryTranslate(address, (uint)size, false, out byte* native))
            return size switch { 1 => *native, 2 => *(ushort*)native, 4 => *(uint*)native, _ => *(ulong*)native };
        if (MapStructure.TryLoad(run, address, size, out value))
            return value;
        if (kind.TryProbeLoad(run, address, size, out value))
            return value;
        run.FaultAccess(address, (uint)size, false);
        return 0;
    }

    public static void Store(RunContext run, Op* op, ulong* r)
    {
        int size = op->Code switch
        {
            OpCode.Store8 or OpCode.StoreK8 => 1,
            OpCode.Store16 or OpCode.StoreK16 => 2,
            OpCode.Store32 or OpCode.StoreK32 => 4,
            _ => 8,
        };
        ulong value = op->Code >= OpCode.StoreK8 ? (ulong)op->Immediate : r[op->Src];
        Store(run, r[op->Dst] + (ulong)(long)op->Offset, size, value);
    }

    /// <summary>A store that the region table did not allow.</summary>
    public static void Store(RunContext run, ulong address, int size, ulong value)
    {
        ProgramKind kind = run.Program.Kind;
        ulong offset = address - run.ContextAddress;
        if (!kind.HasPlainContext && offset < kind.ContextSize && kind.TryStore(run, (uint)offset, size, value))
            return;
        byte* native = run.Write(address, (uint)size); // a fault, but around kptrs
        switch (size)
        {
            case 1: *native = (byte)value; break;
            case 2: *(ushort*)native = (ushort)value; break;
            case 4: *(uint*)native = (uint)value; break;
            default: *(ulong*)native = value; break;
        }
    }
}
