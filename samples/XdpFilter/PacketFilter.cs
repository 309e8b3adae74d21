using System.Net;
using System.Net.Sockets;

namespace LibbpfSharp.Samples;

/// <summary>The filter: its program, its lists and its counters.</summary>
public sealed class PacketFilter : IDisposable
{
    private readonly XdpFilter _filter;
    private readonly RingBuffer _dropped;

    private PacketFilter(XdpFilter filter)
    {
        _filter = filter;
        _dropped = new RingBuffer(filter.Maps.Dropped);
    }

    /// <summary>Loads the filter.</summary>
    /// <param name="options">The kernel, and the rest; null for the process's default.</param>
    /// <param name="reportsDrops">Whether dropped packets are told of.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static PacketFilter Load(BpfObjectOptions? options = null, bool reportsDrops = true)
    {
        using XdpFilterOpen open = XdpFilter.Open(options);
        open.Rodata.ReportsDrops = reportsDrops;
        return new PacketFilter(open.Load());
    }

    /// <summary>Attaches to a network interface, until the link is disposed of.</summary>
    /// <exception cref="BpfException">There is no such interface, or it has an XDP program.</exception>
    public BpfLink Attach(string interfaceName, BpfXdpMode mode = BpfXdpMode.Automatic) => _filter.Programs.XdpFilter.Attach(interfaceName, mode);

    /// <summary>Drops what comes from a network.</summary>
    public void Block(IPNetwork network)
    {
        if (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            _filter.Maps.BlockedIpv4.UpdateElem(network, 0);
        else
            _filter.Maps.BlockedIpv6.UpdateElem(network, 0);
    }

    /// <summary>Takes a network off the list.</summary>
    /// <returns>False if it was not on it.</returns>
    public bool Unblock(IPNetwork network) =>
        network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _filter.Maps.BlockedIpv4.DeleteElem(network) : _filter.Maps.BlockedIpv6.DeleteElem(network);

    /// <summary>Drops what goes to a port.</summary>
    public void Block(ProtocolType protocol, ushort port) => _filter.Maps.BlockedPorts.UpdateElem(Key(protocol, port), 0);

    /// <summary>Packets that an entry of the lists dropped; null if there is no such entry.</summary>
    public ulong? CountDropped(IPNetwork network)
    {
        ulong count;
        bool found = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _filter.Maps.BlockedIpv4.LookupElem(network, out count) : _filter.Maps.BlockedIpv6.LookupElem(network, out count);
        return found ? count : null;
    }

    /// <summary>Packets that a blocked port dropped; null if it is not blocked.</summary>
    public ulong? CountDropped(ProtocolType protocol, ushort port) => _filter.Maps.BlockedPorts.LookupElem(Key(protocol, port), out ulong count) ? count : null;

    /// <summary>The packets with a verdict, on all CPUs together.</summary>
    public Traffic Count(Verdict verdict)
    {
        Span<XdpFilter.Counter> cpus = stackalloc XdpFilter.Counter[_filter.Maps.Counters.PossibleCpuCount];
        _filter.Maps.Counters.LookupElem((int)verdict, cpus);
        Traffic sum = default;
        foreach (XdpFilter.Counter cpu in cpus)
            sum = new Traffic(sum.Packets + cpu.Packets, sum.Bytes + cpu.Bytes);
        return sum;
    }

    /// <summary>Hands over the dropped packets that were reported since the last call; does not wait.</summary>
    public int ReadDropped(RingBufferHandler<DroppedPacket> handler) => _dropped.Consume(handler);

    /// <inheritdoc/>
    public void Dispose()
    {
        _dropped.Dispose();
        _filter.Dispose();
    }

    private static XdpFilter.Port Key(ProtocolType protocol, ushort port) => new() { Number = port, Protocol = (byte)protocol };
}
