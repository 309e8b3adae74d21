namespace LibbpfSharp.Emulator;

/// <summary>A cgroup of the emulated machine.</summary>
internal sealed class EmulatedCgroup(EmulatedKernel kernel, string path, EmulatedCgroup? parent) : EmulatedStandIn(kernel)
{
    public override string Description => $"cgroup '{path}'";

    public override ulong Id { get; } = kernel.StandIns.NextNumber();

    public string Path => path;

    /// <summary>The cgroup it lies in; null for the root.</summary>
    public EmulatedCgroup? Parent => parent;
}
