using System.Net;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Samples;

/// <summary>What the program tells of a packet that it dropped: struct packet of the program, 28 bytes.</summary>
/// <param name="Address">Where it came from; of IPv4 the first four bytes.</param>
/// <param name="Length">Its bytes, from the Ethernet header on.</param>
/// <param name="Type">Its Ethernet type, behind VLAN tags.</param>
/// <param name="Port">The destination's port; 0 if the program did not come to read it.</param>
/// <param name="Protocol">6 for TCP, 17 for UDP; 0 if the program did not come to read it.</param>
/// <param name="Verdict">Why it was dropped.</param>
/// <param name="Zero">Fills the structure up.</param>
public readonly record struct DroppedPacket(
    DroppedPacket.AddressBytes Address, uint Length, ushort Type, ushort Port, byte Protocol, Verdict Verdict, ushort Zero)
{
    private const ushort IPv6 = 0x86dd;

    /// <summary>Where it came from; null if the program did not come to read it.</summary>
    public IPAddress? Source
    {
        get
        {
            AddressBytes address = Address;
            ReadOnlySpan<byte> bytes = address;
            return Protocol == 0 ? null : new IPAddress(Type == IPv6 ? bytes : bytes[..4]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Verdict}: {Length} bytes from {Source?.ToString() ?? "?"}{(Port == 0 ? "" : $" to port {Port}")}";

    /// <summary>16 bytes.</summary>
    [InlineArray(16)]
    public struct AddressBytes
    {
        private byte _first;
    }
}
