namespace LibbpfSharp;

/// <summary>A perf event, as perf_event_open(2) takes it.</summary>
public sealed record BpfPerfEvent
{
    /// <summary>PERF_TYPE_SOFTWARE.</summary>
    public const uint Software = 1;

    /// <summary>PERF_TYPE_HARDWARE.</summary>
    public const uint Hardware = 0;

    /// <summary>PERF_COUNT_SW_CPU_CLOCK, the usual event of a sampling profiler.</summary>
    public const ulong CpuClock = 0;

    /// <summary>Kind of event: <see cref="Hardware"/>, <see cref="Software"/> or the type of a PMU.</summary>
    public uint Type { get; init; } = Software;

    /// <summary>The event of that kind.</summary>
    public ulong Config { get; init; } = CpuClock;

    /// <summary>Samples a second; 0 to use <see cref="Period"/>.</summary>
    public ulong Frequency { get; init; }

    /// <summary>Events (for clocks: nanoseconds) from one sample to the next.</summary>
    public ulong Period { get; init; }

    /// <summary>Only this process or thread; -1 for all of a CPU.</summary>
    public int ProcessId { get; init; } = -1;

    /// <summary>Only this CPU; -1 for any, with a process.</summary>
    public int Cpu { get; init; } = -1;

    internal BpfLink Attach(BpfProgram program)
    {
        AttachErrors.RequireType(program, "a perf event", BpfProgramType.PerfEvent);
        if (ProcessId < 0 && Cpu < 0)
            throw new ArgumentException("A perf event is on a CPU, of a process, or both: set Cpu or ProcessId.");
        if (Frequency == 0 && Period == 0)
            throw new ArgumentException("A perf event never fires without Frequency or Period.");
        PerfEventAttr attr = default;
        attr.Size = PerfEventAttr.ByteSize;
        attr.Type = Type;
        attr.Config = Config;
        attr.SamplePeriod = Frequency != 0 ? Frequency : Period;
        attr.Bits = Frequency != 0 ? PerfEventAttr.Frequency : 0;
        string target = $"perf event {Type}:{Config}{(Cpu >= 0 ? $" of CPU {Cpu}" : "")}{(ProcessId >= 0 ? $" of process {ProcessId}" : "")}";
        return PerfEventLink.Open(program, attr, ProcessId, Cpu, target, 0, errno => errno switch
        {
            BpfErrno.ENOENT => "This machine has no such event: virtual machines often have no hardware counters; use BpfPerfEvent.Software.",
            BpfErrno.ESRCH => $"There is no process {ProcessId}.",
            BpfErrno.ENODEV => $"There is no CPU {Cpu}, or it is off.",
            _ => null,
        });
    }
}
