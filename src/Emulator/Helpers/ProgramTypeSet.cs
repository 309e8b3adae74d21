namespace LibbpfSharp.Emulator;

/// <summary>A set of program types.</summary>
internal readonly record struct ProgramTypeSet(ulong Bits)
{
    /// <summary>Every type.</summary>
    public static ProgramTypeSet All { get; } = new(ulong.MaxValue);

    /// <summary>None.</summary>
    public static ProgramTypeSet None { get; }

    /// <summary>Programs over a socket buffer.</summary>
    public static ProgramTypeSet SocketBuffer { get; } = Of(
        BpfProgramType.SocketFilter, BpfProgramType.SchedCls, BpfProgramType.SchedAct, BpfProgramType.CgroupSkb, BpfProgramType.LwtIn,
        BpfProgramType.LwtOut, BpfProgramType.LwtXmit, BpfProgramType.LwtSeg6Local, BpfProgramType.SkSkb, BpfProgramType.FlowDissector);

    /// <summary>Traffic control.</summary>
    public static ProgramTypeSet TrafficControl { get; } = Of(BpfProgramType.SchedCls, BpfProgramType.SchedAct);

    /// <summary>Programs that observe: probes, tracepoints, perf events, fentry and the like.</summary>
    public static ProgramTypeSet Tracing { get; } = Of(
        BpfProgramType.Kprobe, BpfProgramType.Tracepoint, BpfProgramType.PerfEvent, BpfProgramType.RawTracepoint,
        BpfProgramType.RawTracepointWritable, BpfProgramType.Tracing, BpfProgramType.Lsm);

    /// <summary>The set of these types.</summary>
    public static ProgramTypeSet Of(params ReadOnlySpan<BpfProgramType> types)
    {
        ulong bits = 0;
        foreach (BpfProgramType type in types)
            bits |= 1UL << (int)type;
        return new ProgramTypeSet(bits);
    }

    public static ProgramTypeSet operator |(ProgramTypeSet left, ProgramTypeSet right) => new(left.Bits | right.Bits);

    public static ProgramTypeSet operator &(ProgramTypeSet left, ProgramTypeSet right) => new(left.Bits & right.Bits);

    public ProgramTypeSet Except(ProgramTypeSet other) => new(Bits & ~other.Bits);

    public bool Contains(BpfProgramType type) => (uint)type < 64 && (Bits & (1UL << (int)type)) != 0;
}
