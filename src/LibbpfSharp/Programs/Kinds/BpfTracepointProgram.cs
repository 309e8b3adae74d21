namespace LibbpfSharp;

/// <summary>A program on a tracepoint (4.7).</summary>
public sealed class BpfTracepointProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfTracepointProgram(BpfProgram program)
        : base(program, "a tracepoint program", BpfProgramType.Tracepoint)
    {
    }

    /// <summary>Attaches as the section name says: tp/CATEGORY/NAME, tracepoint/CATEGORY/NAME.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to a tracepoint; tracefs must be mounted.</summary>
    /// <param name="category">Category, such as "syscalls".</param>
    /// <param name="name">Name, such as "sys_enter_openat".</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (5.15).</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string category, string name, ulong cookie = 0) =>
        TracingAttach.Tracepoint(Program, category, name, cookie);
}
