using System.Collections.Concurrent;

namespace LibbpfSharp.Emulator;

/// <summary>Answers bpf_fib_lookup.</summary>
/// <param name="request">The 64 bytes of struct bpf_fib_lookup, in and out.</param>
/// <param name="flags">BPF_FIB_LOOKUP_*.</param>
/// <returns>BPF_FIB_LKUP_RET_*, or -errno.</returns>
public delegate int EmulatedFibLookup(Span<byte> request, uint flags);

/// <content>What programs see of the network, as far as a test decides it.</content>
public sealed partial class EmulatedKernel
{
    private const uint LoopbackMtu = 65536, EthernetMtu = 1500;
    private readonly ConcurrentDictionary<int, uint> _mtus = new();

    /// <summary>Answers bpf_fib_lookup for interfaces that exist. Null, the default: no route, BPF_FIB_LKUP_RET_NOT_FWDED (4).</summary>
    public EmulatedFibLookup? FibLookup { get; set; }

    /// <summary>
    /// Finds sockets for bpf_sk_lookup_tcp and its kin: gets IPPROTO_* and the bytes of struct bpf_sock_tuple (12 for IPv4, 36
    /// for IPv6), gives the descriptor of a stand-in socket or -1. Null, the default: there are none.
    /// </summary>
    public Func<int, byte[], int>? FindSocket { get; set; }

    /// <summary>Cookie of the network namespace that programs run in. Default: 1, the first that Linux gives.</summary>
    public ulong NamespaceCookie { get; set; } = 1;

    /// <summary>A program sent a copy of its packet with bpf_clone_redirect: interface index, to its ingress side, the packet.</summary>
    public event Action<int, bool, ReadOnlyMemory<byte>>? Cloned;

    /// <summary>Sets the MTU that bpf_check_mtu compares with. Default: 65536 for the loopback interface (1), 1500 for others.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="mtu">Bytes without the link layer header.</param>
    public void SetInterfaceMtu(int interfaceIndex, uint mtu) => _mtus[interfaceIndex] = mtu;

    internal uint GetInterfaceMtu(int interfaceIndex) =>
        _mtus.TryGetValue(interfaceIndex, out uint mtu) ? mtu : interfaceIndex <= 1 ? LoopbackMtu : EthernetMtu;

    internal void ReportClone(int interfaceIndex, bool ingress, ReadOnlySpan<byte> packet) =>
        Cloned?.Invoke(interfaceIndex, ingress, packet.ToArray());
}
