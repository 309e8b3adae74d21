namespace LibbpfSharp.Interop;

/// <summary>
/// Network attachments that go by netlink instead of bpf(2): XDP without a link, and tc filters on the clsact queueing
/// discipline. They belong to the interface and stay until they are detached. Results are 0 or -errno; the explanation
/// is the kernel's own sentence (extended acknowledgement) where it gave one.
/// </summary>
public interface IKernelNetwork
{
    /// <summary>Puts an XDP program on an interface, or takes it off.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="programFd">The program; -1 detaches.</param>
    /// <param name="expectedFd">With XDP_FLAGS_REPLACE, the program that must be there now; else -1.</param>
    /// <param name="flags">XDP_FLAGS_*: 1 only if none is attached, 2 generic, 4 native, 8 offloaded, 16 replace.</param>
    /// <param name="explanation">The kernel's sentence, or null.</param>
    int XdpAttach(int interfaceIndex, int programFd, int expectedFd, uint flags, out string? explanation);

    /// <summary>XDP programs on an interface.</summary>
    int XdpQuery(int interfaceIndex, out XdpPrograms programs);

    /// <summary>Adds the clsact queueing discipline; -EEXIST if the interface has it.</summary>
    int TcCreateHook(int interfaceIndex, out string? explanation);

    /// <summary>Removes the clsact queueing discipline with all its filters.</summary>
    int TcDestroyHook(int interfaceIndex, out string? explanation);

    /// <summary>Adds a direct-action BPF filter.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="egress">Egress or ingress.</param>
    /// <param name="programFd">A SCHED_CLS program.</param>
    /// <param name="name">Name that tc shows.</param>
    /// <param name="replace">Replace the filter with this handle and priority instead of failing with EEXIST.</param>
    /// <param name="filter">In: handle and priority wanted, 0 for any. Out: what the kernel chose.</param>
    /// <param name="explanation">The kernel's sentence, or null.</param>
    int TcAttach(int interfaceIndex, bool egress, int programFd, string name, bool replace, ref TcFilter filter, out string? explanation);

    /// <summary>Removes a BPF filter.</summary>
    int TcDetach(int interfaceIndex, bool egress, TcFilter filter, out string? explanation);

    /// <summary>Looks a BPF filter up by handle and priority and fills in its program id.</summary>
    int TcQuery(int interfaceIndex, bool egress, ref TcFilter filter, out string? explanation);
}
