namespace LibbpfSharp.Interop;

/// <summary>XDP programs on an interface, by mode; 0 where there is none.</summary>
/// <param name="NativeId">Id of the program in the driver.</param>
/// <param name="GenericId">Id of the program in the network stack (skb mode).</param>
/// <param name="OffloadedId">Id of the program in the hardware.</param>
public readonly record struct XdpPrograms(uint NativeId, uint GenericId, uint OffloadedId);
