namespace LibbpfSharp.Emulator;

/// <summary>A network namespace of the emulated machine.</summary>
internal sealed class EmulatedNetworkNamespace(EmulatedKernel kernel, string path) : EmulatedStandIn(kernel)
{
    public override string Description => $"network namespace '{path}'";

    /// <summary>The inode number.</summary>
    public override ulong Id { get; } = 0xF0000000 + kernel.StandIns.NextNumber();
}
