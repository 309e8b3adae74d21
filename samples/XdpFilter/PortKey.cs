using System.Net.Sockets;

namespace LibbpfSharp.Samples.XdpFilter;

/// <summary>A port of a protocol: struct port of the program.</summary>
/// <param name="Number">The port.</param>
/// <param name="Protocol">6 for TCP, 17 for UDP.</param>
/// <param name="Zero">Fills the structure up.</param>
public readonly record struct PortKey(ushort Number, byte Protocol, byte Zero = 0)
{
    /// <summary>Makes a key.</summary>
    public PortKey(ProtocolType protocol, ushort number)
        : this(number, checked((byte)protocol))
    {
    }
}
