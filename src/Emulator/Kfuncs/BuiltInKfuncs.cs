namespace LibbpfSharp.Emulator;

/// <summary>Collects the families of kfuncs.</summary>
internal static class BuiltInKfuncs
{
    public static KfuncTable Create()
    {
        var table = new KfuncTable();
        MapKfuncs.Declare(table);
        return table;
    }
}
