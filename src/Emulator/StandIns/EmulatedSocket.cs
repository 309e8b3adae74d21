namespace LibbpfSharp.Emulator;

/// <summary>A socket of the emulated machine.</summary>
internal sealed class EmulatedSocket(EmulatedKernel kernel, int family, int type, int protocol) : EmulatedStandIn(kernel)
{
    public override string Description => $"socket {Id}";

    /// <summary>The socket cookie.</summary>
    public override ulong Id { get; } = kernel.StandIns.NextNumber();

    /// <summary>AF_*.</summary>
    public int Family => family;

    /// <summary>SOCK_*.</summary>
    public int Type => type;

    /// <summary>IPPROTO_*.</summary>
    public int Protocol => protocol;
}
