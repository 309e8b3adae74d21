namespace LibbpfSharp;

/// <summary>A program on kernel functions (4.1): at the entry, at an offset, on return.</summary>
public sealed class BpfKprobeProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfKprobeProgram(BpfProgram program)
        : base(program, "a kprobe", BpfProgramType.Kprobe)
    {
    }

    /// <summary>Attaches as the section name says: kprobe/FUNCTION+OFFSET, kretprobe/FUNCTION, ksyscall/NAME, kretsyscall/NAME.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to a kernel function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="offset">Offset of an instruction in bytes; 0 for the entry.</param>
    /// <param name="onReturn">On return instead of at the entry.</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (5.15).</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(string function, ulong offset = 0, bool onReturn = false, ulong cookie = 0) =>
        ProbeAttach.Kprobe(Program, function, offset, onReturn, cookie);

    /// <summary>Attaches to the function behind a system call, whatever the architecture calls it.</summary>
    /// <param name="systemCall">Name of the call, such as "getppid".</param>
    /// <param name="onReturn">On return instead of at the entry.</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (5.15).</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink AttachSystemCall(string systemCall, bool onReturn = false, ulong cookie = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(systemCall);
        return ProbeAttach.Kprobe(Program, SystemCallFunction.Name(Program.Kernel, systemCall), 0, onReturn, cookie);
    }
}
