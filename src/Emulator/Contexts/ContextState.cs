namespace LibbpfSharp.Emulator;

/// <summary>
/// What stands behind a converted context during a run: an xdp_buff, an sk_buff, a socket. Made by whoever starts the run
/// and reachable for helpers as <see cref="RunContext.ContextState"/>.
/// </summary>
internal abstract class ContextState
{
    /// <summary>The packet, for types that have one.</summary>
    public virtual PacketBuffer? Packet => null;

    /// <summary>Called when the run starts: opens the regions that the context leads to.</summary>
    public virtual void Enter(RunContext run)
    {
    }
}
