namespace LibbpfSharp.Emulator;

/// <summary>A perf event.</summary>
internal sealed class EmulatedPerfEvent(EmulatedKernel kernel) : EmulatedObject(kernel)
{
    public override string Description => "perf event";
}
