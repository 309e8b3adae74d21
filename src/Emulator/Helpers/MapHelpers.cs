namespace LibbpfSharp.Emulator;

/// <summary>Helpers over maps.</summary>
internal static unsafe class MapHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(1, "bpf_map_lookup_elem", "3.19", all, ReturnKind.MapValueOrNull, [ArgumentKind.Map, ArgumentKind.MapKey], &Lookup);
        table.Add(2, "bpf_map_update_elem", "3.19", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapKey, ArgumentKind.MapValue, ArgumentKind.Anything], &Update);
        table.Add(3, "bpf_map_delete_elem", "3.19", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapKey], &Delete);
        table.Add(12, "bpf_tail_call", "4.2", all, ReturnKind.Void, [ArgumentKind.Context, ArgumentKind.Map, ArgumentKind.Anything], &TailCall);
        table.Add(87, "bpf_map_push_elem", "4.20", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapValue, ArgumentKind.Anything], &Push);
        table.Add(88, "bpf_map_pop_elem", "4.20", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapValue], &Pop);
        table.Add(89, "bpf_map_peek_elem", "4.20", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapValue], &Peek);
        table.Add(164, "bpf_for_each_map_elem", "5.13", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.Function, ArgumentKind.StackOrNull, ArgumentKind.Anything], &ForEach, callsBack: true);
        table.Add(195, "bpf_map_lookup_percpu_elem", "5.19", all, ReturnKind.MapValueOrNull, [ArgumentKind.Map, ArgumentKind.MapKey, ArgumentKind.Anything], &LookupPerCpu);
    }

    private static ulong Lookup(RunContext run, ulong map, ulong key, ulong r3, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        byte* nativeKey = run.Read(key, target.KeySize);
        byte* value = target.LookupElement(nativeKey, run.Cpu);
        if (value != null)
            return run.LeaseValue(target, value);
        return target.LookupInnerMap(nativeKey) is { } inner ? run.LeaseMap(inner) : 0;
    }

    private static ulong Update(RunContext run, ulong map, ulong key, ulong value, ulong flags, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        byte* nativeKey = target.KeySize == 0 ? null : run.Read(key, target.KeySize);
        return (ulong)(long)target.UpdateElement(nativeKey, run.Read(value, target.ValueSize), flags, run.Cpu);
    }

    private static ulong Delete(RunContext run, ulong map, ulong key, ulong r3, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return (ulong)(long)target.DeleteElement(run.Read(key, target.KeySize));
    }

    // Only an indirect call comes here; the engines run tail calls themselves.
    private static ulong TailCall(RunContext run, ulong context, ulong map, ulong index, ulong r4, ulong r5) => 0;

    private static ulong Push(RunContext run, ulong map, ulong value, ulong flags, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return (ulong)(long)target.Push(run.Read(value, target.ValueSize), flags);
    }

    private static ulong Pop(RunContext run, ulong map, ulong value, ulong r3, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return (ulong)(long)target.Pop(run.Write(value, target.ValueSize));
    }

    private static ulong Peek(RunContext run, ulong map, ulong value, ulong r3, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return (ulong)(long)target.Peek(run.Write(value, target.ValueSize));
    }

    private static ulong LookupPerCpu(RunContext run, ulong map, ulong key, ulong cpu, ulong r4, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        return run.LeaseValue(target, target.LookupPerCpu(run.Read(key, target.KeySize), (uint)cpu));
    }

    private static ulong ForEach(RunContext run, ulong map, ulong callback, ulong context, ulong flags, ulong r5)
    {
        EmulatedMap target = run.MapOf(map);
        if (flags != 0 || !target.SupportsForEach)
            return RunContext.Error(Errno.EINVAL);
        int function = run.FunctionIndex(callback);
        MapElementCursor cursor = default;
        long calls = 0;
        run.Keep(map);
        run.Keep(context);
        while (target.NextElement(&cursor, run.Cpu, out byte* key, out byte* value))
        {
            calls++;
            ulong result = run.CallFunction(function, map, run.LeaseKey(target, key), run.LeaseValue(target, value), context, 0);
            if (result != 0)
                break;
        }

        run.Unkeep();
        run.Unkeep();
        return (ulong)calls;
    }
}
