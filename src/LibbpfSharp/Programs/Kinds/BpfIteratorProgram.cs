namespace LibbpfSharp;

/// <summary>A program that the kernel runs for each of its objects and that writes what a reader reads (5.8).</summary>
public sealed class BpfIteratorProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfIteratorProgram(BpfProgram program)
        : base(program, "an iterator", BpfProgramType.Tracing)
    {
        RequireAttachType("an iterator", BpfAttachType.TraceIter);
    }

    /// <summary>Attaches as the section name says: iter/TARGET, all objects.</summary>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => Program.Attach();

    /// <summary>Attaches to part of the kernel's objects, such as the elements of one map.</summary>
    /// <param name="target">The part; null for all.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(BpfIteratorTarget? target) => BpfIteratorTarget.Attach(Program, target);

    /// <summary>Attaches, walks once and gives what the program wrote as a stream; the link ends with the stream's start.</summary>
    /// <param name="target">Part of the objects; null for all.</param>
    /// <returns>The walk, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfIterator Open(BpfIteratorTarget? target = null)
    {
        using BpfLink link = BpfIteratorTarget.Attach(Program, target);
        return BpfIterator.Start(link);
    }
}
