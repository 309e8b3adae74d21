using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>Networks as keys of a trie: the prefix length as a number of the host, then the address in network order.</summary>
internal static class LpmKeys
{
    private const int PrefixSize = sizeof(uint);

    /// <summary>Longest key of an address, in bytes.</summary>
    public const int MaxSize = PrefixSize + 16;

    public static void Write(IPNetwork network, Span<byte> key) => Write(network.BaseAddress, network.PrefixLength, key);

    public static void Write(IPAddress address, int prefixLength, Span<byte> key)
    {
        ArgumentNullException.ThrowIfNull(address);
        int size = address.AddressFamily == AddressFamily.InterNetwork ? 4 : 16;
        if (key.Length != PrefixSize + size)
        {
            throw new ArgumentException(key.Length switch
            {
                PrefixSize + 4 => $"{address} is an IPv6 address, and the keys of this trie (8 bytes) are for IPv4.",
                PrefixSize + 16 => $"{address} is an IPv4 address, and the keys of this trie (20 bytes) are for IPv6: use its IPv4-mapped form, and 96 bits more of prefix, if that is how programs fill it.",
                _ => $"Keys of {key.Length} bytes are no addresses (8 bytes for IPv4, 20 for IPv6): use a key type of your own.",
            }, nameof(address));
        }

        MemoryMarshal.Write(key, (uint)prefixLength);
        address.TryWriteBytes(key[PrefixSize..], out _);
    }

    /// <summary>All bits of the address.</summary>
    public static int FullLength(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
    }

    public static IPNetwork Read(ReadOnlySpan<byte> key)
    {
        int length = (int)MemoryMarshal.Read<uint>(key);
        Span<byte> address = stackalloc byte[MaxSize - PrefixSize];
        address = address[..(key.Length - PrefixSize)];
        key[PrefixSize..].CopyTo(address);
        for (int bit = length; bit < address.Length * 8; bit++)
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(address), length);
    }
}
