namespace LibbpfSharp.Emulator;

/// <summary>Collects the families of helpers.</summary>
internal static class BuiltInHelpers
{
    public static HelperTable Create()
    {
        var table = new HelperTable();
        MapHelpers.Declare(table);
        SystemHelpers.Declare(table);
        MemoryHelpers.Declare(table);
        LoopHelpers.Declare(table);
        RingBufferHelpers.Declare(table);
        return table;
    }
}
