namespace LibbpfSharp;

/// <summary>A program on a perf event (4.9): samples of the CPU clock, counters of the hardware.</summary>
public sealed class BpfPerfEventProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfPerfEventProgram(BpfProgram program)
        : base(program, "a perf event program", BpfProgramType.PerfEvent)
    {
    }

    /// <summary>Opens a perf event and attaches to it.</summary>
    /// <param name="settings">The event.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(BpfPerfEvent settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Attach(Program);
    }
}
