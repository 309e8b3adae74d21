namespace LibbpfSharp.Emulator;

/// <summary>Kfuncs over maps.</summary>
internal static unsafe class MapKfuncs
{
    public static void Declare(KfuncTable table) => table.Add("bpf_map_sum_elem_count", "6.6", ProgramTypeSet.All, &SumElementCount);

    private static ulong SumElementCount(RunContext run, ulong map, ulong r2, ulong r3, ulong r4, ulong r5) => (ulong)run.MapOf(map).ElementCount;
}
