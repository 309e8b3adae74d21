namespace LibbpfSharp.Emulator;

/// <summary>Releases what fields of a map value own (timers, kptrs) when the value goes away.</summary>
internal static unsafe class ValueFields
{
    public static void Release(EmulatedMap map, byte* value)
    {
        if (map.Fields is null)
            return;
        foreach (MapField field in map.Fields.Fields)
        {
            ulong* slot = (ulong*)(value + field.Offset);
            switch (field.Kind)
            {
                case MapFieldKind.Timer:
                    map.Kernel.Timers.Remove(Interlocked.Exchange(ref *slot, 0));
                    break;
                case MapFieldKind.ReferencedKernelPointer or MapFieldKind.PerCpuKernelPointer:
                    map.Kernel.Objects.Take(Interlocked.Exchange(ref *slot, 0))?.Release();
                    break;
            }
        }
    }
}
