namespace LibbpfSharp;

/// <summary>A program on a netfilter hook (6.4).</summary>
public sealed class BpfNetfilterProgram : BpfTypedProgram
{
    /// <summary>Sees a program as this kind.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">It is of another type (EINVAL).</exception>
    public BpfNetfilterProgram(BpfProgram program)
        : base(program, "a netfilter program", BpfProgramType.Netfilter)
    {
    }

    /// <summary>Attaches to a hook in the network namespace of the calling thread.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <param name="hook">The hook.</param>
    /// <param name="priority">Its place among others: lower runs first.</param>
    /// <param name="defragment">Put fragments together first; the priority must then be above -400.</param>
    /// <returns>The link, owned by the caller.</returns>
    /// <exception cref="BpfException">The kernel refused; the message has the target and the remedy.</exception>
    public BpfLink Attach(BpfNetfilterFamily family, BpfNetfilterHook hook, int priority = 0, bool defragment = false) =>
        NetworkAttach.Netfilter(Program, family, hook, priority, defragment);
}
