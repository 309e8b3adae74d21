namespace LibbpfSharp.Interop;

/// <summary>Whether writes to a mapping reach the map, as MAP_SHARED and MAP_PRIVATE.</summary>
public enum MemorySharing
{
    /// <summary>MAP_SHARED.</summary>
    Shared = 1,

    /// <summary>MAP_PRIVATE; maps refuse it with EINVAL.</summary>
    Private = 2,
}
