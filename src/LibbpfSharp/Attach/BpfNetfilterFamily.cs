namespace LibbpfSharp;

/// <summary>Protocol families of netfilter hooks, as NFPROTO_*.</summary>
public enum BpfNetfilterFamily
{
    /// <summary>NFPROTO_IPV4.</summary>
    IPv4 = 2,

    /// <summary>NFPROTO_IPV6.</summary>
    IPv6 = 10,
}
