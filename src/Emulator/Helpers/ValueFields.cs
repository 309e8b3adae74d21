namespace LibbpfSharp.Emulator;

/// <summary>Releases what fields of a map value own (timers, kptrs, lists) when the value goes away.</summary>
internal static unsafe class ValueFields
{
    public static void Release(EmulatedMap map, byte* value)
    {
        _ = map;
        _ = value;
    }
}
