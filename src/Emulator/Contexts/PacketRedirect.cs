namespace LibbpfSharp.Emulator;

/// <summary>Where a program sent its packet.</summary>
/// <param name="InterfaceIndex">Interface; 0 if a map says where.</param>
/// <param name="Flags">Flags of the helper, or <see cref="Peer"/> or <see cref="Neighbour"/>.</param>
/// <param name="Map">The map, or null.</param>
/// <param name="Key">Key in the map.</param>
internal sealed record PacketRedirect(uint InterfaceIndex, ulong Flags, EmulatedMap? Map, uint Key)
{
    /// <summary>bpf_redirect_peer.</summary>
    public const ulong Peer = 1UL << 32;

    /// <summary>bpf_redirect_neigh.</summary>
    public const ulong Neighbour = 1UL << 33;
}
