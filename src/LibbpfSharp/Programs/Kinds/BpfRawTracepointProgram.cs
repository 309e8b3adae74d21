namespace LibbpfSharp;

/// <summary>A program on a raw tracepoint (4.17): the arguments as they are, no tracefs needed.</summary>
public sealed class BpfRawTracepointProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfRawTracepointProgram(BpfProgram program)
        : base(program, "a raw tracepoint program", BpfProgramType.RawTracepoint, BpfProgramType.RawTracepointWritable)
    {
    }

    /// <summary>Attaches as the section name says: raw_tp/NAME, raw_tracepoint/NAME.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to a raw tracepoint.</summary>
    /// <param name="name">Name without category, such as "sys_enter".</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (6.10).</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string name, ulong cookie = 0) => TracingAttach.RawTracepoint(Program, name, cookie);
}
