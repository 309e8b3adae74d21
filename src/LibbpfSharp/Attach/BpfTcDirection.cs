namespace LibbpfSharp;

/// <summary>The direction of packets on an interface.</summary>
public enum BpfTcDirection
{
    /// <summary>Packets that come in.</summary>
    Ingress,

    /// <summary>Packets that go out.</summary>
    Egress,
}
