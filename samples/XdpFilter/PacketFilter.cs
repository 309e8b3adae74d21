using System.Net;
using System.Net.Sockets;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Samples.XdpFilter;

/// <summary>The filter: its program, its lists and its counters.</summary>
public sealed class PacketFilter : IDisposable
{
    private readonly BpfObject _object;
    private readonly BpfLpmTrie<BpfIPv4Prefix, ulong> _ipv4;
    private readonly BpfLpmTrie<BpfIPv6Prefix, ulong> _ipv6;
    private readonly BpfHashMap<PortKey, ulong> _ports;
    private readonly BpfPerCpuArray<Traffic> _counters;
    private readonly RingBuffer _dropped;

    private PacketFilter(BpfObject loaded)
    {
        _object = loaded;
        _ipv4 = loaded.Maps["blocked_ipv4"].As<BpfLpmTrie<BpfIPv4Prefix, ulong>>();
        _ipv6 = loaded.Maps["blocked_ipv6"].As<BpfLpmTrie<BpfIPv6Prefix, ulong>>();
        _ports = loaded.Maps["blocked_ports"].AsHash<PortKey, ulong>();
        _counters = loaded.Maps["counters"].AsPerCpuArray<Traffic>();
        _dropped = new RingBuffer(loaded.Maps["dropped"]);
    }

    /// <summary>The program.</summary>
    public BpfProgram Program => _object.Programs["xdp_filter"];

    /// <summary>True if it runs on the kernel inside the process, where no packets arrive by themselves.</summary>
    public bool IsEmulated => _object.IsEmulated;

    /// <summary>Loads the filter.</summary>
    /// <param name="options">The kernel, and the rest; null for the process's default.</param>
    /// <param name="reportsDrops">Whether dropped packets are told of.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static PacketFilter Load(BpfObjectOptions? options = null, bool reportsDrops = true)
    {
        using BpfObjectOpen open = BpfObject.Open(Path.Combine(AppContext.BaseDirectory, "xdp_filter.bpf.o"), options);
        open.SetGlobal("reports_drops", reportsDrops);
        return new PacketFilter(open.Load());
    }

    /// <summary>Attaches to a network interface, until the link is disposed of.</summary>
    /// <exception cref="BpfException">There is no such interface, or it has an XDP program.</exception>
    public BpfLink Attach(string interfaceName, BpfXdpMode mode = BpfXdpMode.Automatic) => new BpfXdpProgram(Program).Attach(interfaceName, mode);

    /// <summary>Drops what comes from a network.</summary>
    public void Block(IPNetwork network)
    {
        if (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            _ipv4.UpdateElem(network, 0);
        else
            _ipv6.UpdateElem(network, 0);
    }

    /// <summary>Takes a network off the list.</summary>
    /// <returns>False if it was not on it.</returns>
    public bool Unblock(IPNetwork network) =>
        network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _ipv4.DeleteElem(network) : _ipv6.DeleteElem(network);

    /// <summary>Drops what goes to a port.</summary>
    public void Block(ProtocolType protocol, ushort port) => _ports.UpdateElem(new PortKey(protocol, port), 0);

    /// <summary>Packets that an entry of the lists dropped; null if there is no such entry.</summary>
    public ulong? CountDropped(IPNetwork network)
    {
        ulong count;
        bool found = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _ipv4.LookupElem(network, out count) : _ipv6.LookupElem(network, out count);
        return found ? count : null;
    }

    /// <summary>Packets that a blocked port dropped; null if it is not blocked.</summary>
    public ulong? CountDropped(ProtocolType protocol, ushort port) => _ports.LookupElem(new PortKey(protocol, port), out ulong count) ? count : null;

    /// <summary>The packets with a verdict, on all CPUs together.</summary>
    public Traffic Count(Verdict verdict)
    {
        Span<Traffic> cpus = stackalloc Traffic[_counters.PossibleCpuCount];
        _counters.LookupElem((int)verdict, cpus);
        Traffic sum = default;
        foreach (Traffic cpu in cpus)
            sum = new Traffic(sum.Packets + cpu.Packets, sum.Bytes + cpu.Bytes);
        return sum;
    }

    /// <summary>Hands over the dropped packets that were reported since the last call; does not wait.</summary>
    public int ReadDropped(RingBufferHandler<DroppedPacket> handler) => _dropped.Consume(handler);

    /// <inheritdoc/>
    public void Dispose()
    {
        _dropped.Dispose();
        _object.Dispose();
    }
}
