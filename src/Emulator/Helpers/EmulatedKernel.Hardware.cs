namespace LibbpfSharp.Emulator;

/// <content>What stands for hardware.</content>
public sealed partial class EmulatedKernel
{
    /// <summary>
    /// Gives the value of a performance counter for bpf_perf_event_read and bpf_perf_event_read_value: gets perf_event_attr's
    /// type and config and the CPU (-1 for any). Null, the default: counters stand at 0.
    /// </summary>
    public Func<uint, ulong, int, ulong>? PerfCounter { get; set; }

    /// <summary>A lirc_mode2 program decoded something.</summary>
    public event EventHandler<EmulatedRemoteKey>? RemoteKeyDecoded;

    internal ulong ReadCounter(EmulatedPerfEvent counter) => PerfCounter?.Invoke(counter.Type, counter.Config, counter.Cpu) ?? 0;

    internal void ReportRemoteKey(EmulatedRemoteKey key) => RemoteKeyDecoded?.Invoke(this, key);
}
