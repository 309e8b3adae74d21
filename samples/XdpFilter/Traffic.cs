namespace LibbpfSharp.Samples;

/// <summary>A number of packets.</summary>
/// <param name="Packets">How many.</param>
/// <param name="Bytes">Their bytes, from the Ethernet header on.</param>
public readonly record struct Traffic(ulong Packets, ulong Bytes);
