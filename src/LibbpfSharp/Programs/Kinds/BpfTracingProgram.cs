namespace LibbpfSharp;

/// <summary>A program on a kernel function or tracepoint by BTF (5.5): fentry, fexit, fmod_ret, tp_btf.</summary>
public sealed class BpfTracingProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfTracingProgram(BpfProgram program)
        : base(program, "a tracing program", BpfProgramType.Tracing)
    {
        RequireAttachType("a tracing program", BpfAttachType.TraceRawTp, BpfAttachType.TraceFentry, BpfAttachType.TraceFexit, BpfAttachType.ModifyReturn);
    }

    /// <summary>Attaches as the section name says: the function or tracepoint behind the slash.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to the target that the program was loaded for.</summary>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (5.19).</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachWithCookie(ulong cookie) => TracingAttach.LoadedTarget(Program, cookie);
}
