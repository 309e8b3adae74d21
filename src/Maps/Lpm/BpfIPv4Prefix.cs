using System.Net;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>Key of a trie over IPv4 networks: struct bpf_lpm_trie_key with 4 bytes of data.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct BpfIPv4Prefix
{
    private readonly uint _prefixLength;
    private readonly uint _address; // in network order

    /// <summary>Makes a key.</summary>
    /// <param name="network">An IPv4 network.</param>
    /// <exception cref="ArgumentException">It is not IPv4.</exception>
    public BpfIPv4Prefix(IPNetwork network)
    {
        Span<byte> key = stackalloc byte[8];
        LpmKeys.Write(network, key);
        this = MemoryMarshal.Read<BpfIPv4Prefix>(key);
    }

    /// <summary>Bits that count, 0 to 32.</summary>
    public int PrefixLength => (int)_prefixLength;

    /// <summary>The address, with the bits beyond the prefix as they were stored.</summary>
    public IPAddress Address => new(_address);

    /// <summary>A key from a network.</summary>
    /// <param name="network">An IPv4 network.</param>
    public static implicit operator BpfIPv4Prefix(IPNetwork network) => new(network);

    /// <summary>The network; bits beyond the prefix are cleared.</summary>
    public IPNetwork ToIPNetwork() => LpmKeys.Read(MemoryMarshal.AsBytes(new ReadOnlySpan<BpfIPv4Prefix>(in this)));

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
