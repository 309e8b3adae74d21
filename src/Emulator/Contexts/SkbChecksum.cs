namespace LibbpfSharp.Emulator;

/// <summary>What a socket buffer knows of its checksum (skb->ip_summed).</summary>
internal enum SkbChecksum : byte
{
    /// <summary>CHECKSUM_NONE.</summary>
    None,

    /// <summary>CHECKSUM_UNNECESSARY.</summary>
    Unnecessary,

    /// <summary>CHECKSUM_COMPLETE.</summary>
    Complete,
}
