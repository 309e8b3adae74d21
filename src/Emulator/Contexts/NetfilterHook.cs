namespace LibbpfSharp.Emulator;

/// <summary>Where a netfilter program sees a packet.</summary>
/// <param name="Number">NF_INET_*.</param>
/// <param name="Family">NFPROTO_*.</param>
/// <param name="HasOutput">The loopback device is where it leaves.</param>
internal readonly record struct NetfilterHook(byte Number, byte Family, bool HasOutput)
{
    /// <summary>NF_INET_LOCAL_OUT.</summary>
    public const byte LocalOut = 3;

    /// <summary>NFPROTO_IPV4.</summary>
    public const byte Ip4 = 2;

    /// <summary>NFPROTO_IPV6.</summary>
    public const byte Ip6 = 10;
}
