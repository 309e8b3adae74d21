using System.Net;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>Key of a trie over IPv6 networks: struct bpf_lpm_trie_key with 16 bytes of data.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct BpfIPv6Prefix
{
    private readonly uint _prefixLength;
    private readonly ulong _high; // bytes 0 to 7 of the address, as they lie in memory
    private readonly ulong _low;

    /// <summary>Makes a key.</summary>
    /// <param name="network">An IPv6 network.</param>
    /// <exception cref="ArgumentException">It is not IPv6.</exception>
    public BpfIPv6Prefix(IPNetwork network)
    {
        Span<byte> key = stackalloc byte[20];
        LpmKeys.Write(network, key);
        this = MemoryMarshal.Read<BpfIPv6Prefix>(key);
    }

    /// <summary>Bits that count, 0 to 128.</summary>
    public int PrefixLength => (int)_prefixLength;

    /// <summary>The address, with the bits beyond the prefix as they were stored.</summary>
    public IPAddress Address => new(MemoryMarshal.AsBytes(new ReadOnlySpan<BpfIPv6Prefix>(in this))[4..]);

    /// <summary>A key from a network.</summary>
    /// <param name="network">An IPv6 network.</param>
    public static implicit operator BpfIPv6Prefix(IPNetwork network) => new(network);

    /// <summary>The network; bits beyond the prefix are cleared.</summary>
    public IPNetwork ToIPNetwork() => LpmKeys.Read(MemoryMarshal.AsBytes(new ReadOnlySpan<BpfIPv6Prefix>(in this)));

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
