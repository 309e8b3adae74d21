namespace LibbpfSharp;

/// <summary>Netfilter hooks, as NF_INET_*.</summary>
public enum BpfNetfilterHook
{
    /// <summary>Before routing.</summary>
    PreRouting = 0,

    /// <summary>To a local socket.</summary>
    LocalIn = 1,

    /// <summary>Through this host.</summary>
    Forward = 2,

    /// <summary>From a local socket.</summary>
    LocalOut = 3,

    /// <summary>Behind routing.</summary>
    PostRouting = 4,
}
