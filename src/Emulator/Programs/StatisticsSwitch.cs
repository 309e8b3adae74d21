namespace LibbpfSharp.Emulator;

/// <summary>What BPF_ENABLE_STATS gives: runs are timed while it is open.</summary>
internal sealed class StatisticsSwitch : EmulatedObject
{
    public StatisticsSwitch(EmulatedKernel kernel)
        : base(kernel) => kernel.Runner.EnableStatistics();

    public override string Description => "run statistics";

    protected override void OnUnreferenced() => Kernel.Runner.DisableStatistics();
}
