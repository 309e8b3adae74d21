namespace LibbpfSharp.Emulator;

/// <summary>Collects the families of kfuncs.</summary>
internal static class BuiltInKfuncs
{
    public static KfuncTable Create()
    {
        var table = new KfuncTable();
        MapKfuncs.Declare(table);
        IteratorKfuncs.Declare(table);
        DynptrKfuncs.Declare(table);
        SectionKfuncs.Declare(table);
        TaskKfuncs.Declare(table);
        StringKfuncs.Declare(table);
        StreamKfuncs.Declare(table);
        ObjectKfuncs.Declare(table);
        GraphKfuncs.Declare(table);
        WorkQueueKfuncs.Declare(table);
        ResilientLockKfuncs.Declare(table);
        ArenaKfuncs.Declare(table);
        CpumaskKfuncs.Declare(table);
        WalkKfuncs.Declare(table);
        return table;
    }
}
