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
        PrintHelpers.Declare(table);
        StringHelpers.Declare(table);
        LoopHelpers.Declare(table);
        RingBufferHelpers.Declare(table);
        DynptrHelpers.Declare(table);
        TracingHelpers.Declare(table);
        TimerHelpers.Declare(table);
        LockHelpers.Declare(table);
        ObjectHelpers.Declare(table);
        StorageHelpers.Declare(table);
        CgroupHelpers.Declare(table);
        SkbDataHelpers.Declare(table);
        SkbFieldHelpers.Declare(table);
        ChecksumHelpers.Declare(table);
        RedirectHelpers.Declare(table);
        XdpHelpers.Declare(table);
        SocketHelpers.Declare(table);
        MessageHelpers.Declare(table);
        CounterHelpers.Declare(table);
        SyncookieHelpers.Declare(table);
        RemoteControlHelpers.Declare(table);
        FileHelpers.Declare(table);
        TaskHelpers.Declare(table);
        TunnelHelpers.Declare(table);
        HeaderOptionHelpers.Declare(table);
        LightweightTunnelHelpers.Declare(table);
        MissingHelpers.Declare(table);
        return table;
    }
}
