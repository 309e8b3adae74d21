using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Loads over the seam alone: on the emulator always, on Linux where libbpf is missing, too old or not wanted.</summary>
internal sealed class ManagedLoader : ObjectLoader
{
    private ManagedLoader()
    {
    }

    public static ManagedLoader Instance { get; } = new();

    public override BpfLoader Kind => BpfLoader.Managed;

    public override BpfObject Load(BpfObjectOpen open, IBpfKernel kernel)
    {
        using var load = new ManagedLoad(open, kernel);
        return load.Run();
    }
}
