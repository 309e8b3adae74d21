namespace LibbpfSharp;

/// <summary>How an XDP program is attached to an interface.</summary>
public enum BpfXdpMode : uint
{
    /// <summary>In the driver where it can, else generic.</summary>
    Automatic = 0,

    /// <summary>Generic: after the packet's buffer was made, on any interface (XDP_FLAGS_SKB_MODE).</summary>
    Generic = 2,

    /// <summary>In the driver, or not at all (XDP_FLAGS_DRV_MODE).</summary>
    Native = 4,

    /// <summary>On the network card (XDP_FLAGS_HW_MODE).</summary>
    Offloaded = 8,
}
