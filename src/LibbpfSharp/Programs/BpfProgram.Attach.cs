using LibbpfSharp.Interop;

namespace LibbpfSharp;

public sealed unsafe partial class BpfProgram
{
    /// <summary>
    /// True if the section name says all that is needed to attach, so that <see cref="Attach"/> works: probes and
    /// tracepoints with a name behind the slash, BTF tracing, iterators. XDP, TC, cgroup and socket programs need a target.
    /// </summary>
    public bool CanAttachBySection => SectionAttach.CanAttach(this);

    /// <summary>What follows the slash of the section name, or what was set before loading: the tracepoint, function or hook.</summary>
    internal string AttachTarget => _attachTarget ?? (SectionName.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? SectionName[(slash + 1)..] : "");

    /// <summary>
    /// Attaches as the section name says. To attach anywhere else, see the program as its kind:
    /// <c>new BpfXdpProgram(program).Attach("eth0")</c>; a skeleton's programs are of their kinds already.
    /// </summary>
    /// <returns>The link, owned by the caller: the program stays attached until it is disposed of.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => SectionAttach.Attach(this);

    /// <summary>BPF_LINK_CREATE with this program.</summary>
    internal BpfLink CreateLink(ref BpfAttr attr, string target, Func<BpfErrno, string?>? remedy = null)
    {
        attr.link_create.prog_fd = (uint)_handle.Enter();
        int fd;
        try
        {
            fd = Kernel.Bpf(BpfCommand.LinkCreate, ref attr, (uint)sizeof(bpf_attr_link_create));
        }
        finally
        {
            _handle.Exit();
        }

        return fd >= 0
            ? BpfLink.FromDescriptor(Kernel, fd, $"{Subject} on {target}")
            : throw AttachErrors.LinkRefused(this, fd, (BpfAttachType)attr.link_create.attach_type, target, remedy?.Invoke((BpfErrno)(-fd)));
    }
}
