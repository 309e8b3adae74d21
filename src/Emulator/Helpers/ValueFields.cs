namespace LibbpfSharp.Emulator;

/// <summary>Releases what fields of a map value or object own (timers, kptrs, lists, trees) when it goes away.</summary>
internal static unsafe class ValueFields
{
    public static void Release(EmulatedKernel kernel, MapFields fields, byte* value)
    {
        foreach (MapField field in fields.Fields)
        {
            ulong* slot = (ulong*)(value + field.Offset);
            switch (field.Kind)
            {
                case MapFieldKind.Timer or MapFieldKind.WorkQueue:
                    kernel.Timers.Remove(Interlocked.Exchange(ref *slot, 0));
                    break;
                case MapFieldKind.ReferencedKernelPointer or MapFieldKind.PerCpuKernelPointer:
                    kernel.Objects.Take(Interlocked.Exchange(ref *slot, 0))?.Release();
                    break;
                case MapFieldKind.ListHead or MapFieldKind.TreeRoot:
                    kernel.Graphs.Release(value + field.Offset);
                    break;
            }
        }
    }
}
