namespace LibbpfSharp;

/// <summary>A program on many kernel functions by one link (5.18).</summary>
public sealed class BpfKprobeMultiProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfKprobeMultiProgram(BpfProgram program)
        : base(program, "a kprobe.multi", BpfProgramType.Kprobe)
    {
    }

    /// <summary>Attaches as the section name says: kprobe.multi/PATTERN, kretprobe.multi/PATTERN.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to the functions that match a pattern.</summary>
    /// <param name="pattern">A name, where * is any run of characters and ? any one.</param>
    /// <param name="onReturn">On return instead of at the entry.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string pattern, bool onReturn = false) => MultiProbeAttach.Kprobes(Program, pattern, onReturn);

    /// <summary>Attaches to functions.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="onReturn">On return instead of at the entry.</param>
    /// <param name="cookies">What bpf_get_attach_cookie() gives for each function; null for none.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(IReadOnlyList<string> functions, bool onReturn = false, IReadOnlyList<ulong>? cookies = null) =>
        MultiProbeAttach.Kprobes(Program, functions, onReturn, cookies);
}
