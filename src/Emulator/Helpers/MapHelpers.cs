using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over maps.</summary>
internal static unsafe class MapHelpers
{
    public static void Declare(HelperTable table)
    {
        ProgramTypeSet all = ProgramTypeSet.All;
        table.Add(BpfHelperId.MapLookupElem, "3.19", all, ReturnKind.MapValueOrNull, [ArgumentKind.Map, ArgumentKind.MapKey], &Lookup);
        table.Add(BpfHelperId.MapUpdateElem, "3.19", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapKey, ArgumentKind.MapValue, ArgumentKind.Anything], &Update);
        table.Add(BpfHelperId.MapDeleteElem, "3.19", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapKey], &Delete);
        table.Add(BpfHelperId.TailCall, "4.2", all, ReturnKind.Void, [ArgumentKind.Context, ArgumentKind.Map, ArgumentKind.Anything], &TailCall);
        table.Add(BpfHelperId.MapPushElem, "4.20", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapValue, ArgumentKind.Anything], &Push);
        table.Add(BpfHelperId.MapPopElem, "4.20", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapValue], &Pop);
        table.Add(BpfHelperId.MapPeekElem, "4.20", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.MapValue], &Peek);
        table.Add(BpfHelperId.ForEachMapElem, "5.13", all, ReturnKind.Integer, [ArgumentKind.Map, ArgumentKind.Function, ArgumentKind.StackOrNull, ArgumentKind.Anything], &ForEach, callsBack: true);
        table.Add(BpfHelperId.MapLookupPercpuElem, "5.19", all, ReturnKind.MapValueOrNull, [ArgumentKind.Map, ArgumentKind.MapKey, ArgumentKind.Anything], &LookupPerCpu);
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
        byte* nativeKey = run.Read(key, target.KeySize);
        if (run.Diagnosis is { Options.Strict: true })
            return DeleteStrictly(run, target, nativeKey);
        return (ulong)(long)target.DeleteElement(nativeKey);
    }

    // On Linux what was looked up before stays readable until the program ends; strictly, a program that reads it is wrong.
    private static ulong DeleteStrictly(RunContext run, EmulatedMap map, byte* key)
    {
        byte* value = map.LookupElement(key, run.Cpu);
        int error = map.DeleteElement(key);
        if (error == 0 && value != null)
            run.Memory.CloseLease(value, RegionEnd.Deleted);
        return (ulong)(long)error;
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
