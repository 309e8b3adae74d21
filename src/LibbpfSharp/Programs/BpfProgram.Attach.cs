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

    /// <summary>Attaches as the section name says.</summary>
    /// <returns>The link, owned by the caller: the program stays attached until it is disposed of.</returns>
    /// <exception cref="BpfException">The section name does not say where, or the kernel refused.</exception>
    public BpfLink Attach() => SectionAttach.Attach(this);

    /// <summary>Attaches to a tracepoint through a perf event. tracefs must be mounted.</summary>
    /// <param name="category">Category, such as "syscalls".</param>
    /// <param name="name">Name, such as "sys_enter_openat".</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (5.15); 0 for none.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">There is no such tracepoint, tracefs is not mounted (ENODEV; the message has the command), or the kernel refused.</exception>
    public BpfLink AttachTracepoint(string category, string name, ulong cookie = 0)
    {
        AttachErrors.RequireType(this, "a tracepoint", BpfProgramType.Tracepoint);
        string target = $"tracepoint '{category}/{name}'";
        int id = Kernel.Facts.GetTracepointId(category, name);
        if (id < 0)
        {
            throw AttachErrors.Refused(this, id, target, (BpfErrno)(-id) switch
            {
                BpfErrno.ENODEV => AttachErrors.MountTracefs,
                BpfErrno.ENOENT => $"The kernel has no such tracepoint: see /sys/kernel/tracing/available_events.",
                BpfErrno.EACCES => "tracefs cannot be read: root is needed.",
                _ => null,
            });
        }

        const uint PerfTypeTracepoint = 2;
        PerfEventAttr attr = default;
        attr.Type = PerfTypeTracepoint;
        attr.Size = PerfEventAttr.ByteSize;
        attr.Config = (ulong)id;
        attr.SamplePeriod = 1;
        attr.WakeupEvents = 1;
        return PerfEventLink.Open(this, attr, processId: -1, cpu: 0, target, cookie);
    }

    /// <summary>Attaches to a raw tracepoint; tracefs is not needed.</summary>
    /// <param name="name">Name without category, such as "sys_enter".</param>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (6.10); 0 for none.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">There is no such tracepoint (ENOENT), or the kernel refused.</exception>
    public BpfLink AttachRawTracepoint(string name, ulong cookie = 0)
    {
        AttachErrors.RequireType(this, "a raw tracepoint", BpfProgramType.RawTracepoint, BpfProgramType.RawTracepointWritable);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return OpenRawTracepoint(name, cookie, $"raw tracepoint '{name}'");
    }

    /// <summary>Attaches a BTF tracing program (tp_btf, fentry, fexit, fmod_ret), an LSM hook or a replacement to the target it was loaded for.</summary>
    /// <param name="cookie">What bpf_get_attach_cookie() gives in the program (5.19; 6.10 for tp_btf); 0 for none.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public BpfLink AttachTracing(ulong cookie = 0)
    {
        AttachErrors.RequireType(this, "its BTF target", BpfProgramType.Tracing, BpfProgramType.Lsm, BpfProgramType.Ext);
        string target = AttachTarget.Length > 0 ? $"'{AttachTarget}'" : "its target";
        if (cookie == 0 || ExpectedAttachType == BpfAttachType.TraceRawTp)
            return OpenRawTracepoint(null, cookie, target);
        BpfAttr attr = default;
        attr.link_create.attach_type = (uint)ExpectedAttachType;
        attr.link_create.tracing_cookie = cookie;
        return CreateLink(ref attr, target);
    }

    /// <summary>Attaches an XDP program to an interface with a link (5.9): Dispose detaches it.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="mode">How.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">There is no such interface (ENODEV), another program is attached (EBUSY, EEXIST), the driver has no XDP (EOPNOTSUPP), or the kernel refused.</exception>
    public BpfLink AttachXdp(string interfaceName, BpfXdpMode mode = BpfXdpMode.Automatic) =>
        AttachXdp(AttachErrors.InterfaceIndex(this, interfaceName), mode);

    /// <inheritdoc cref="AttachXdp(string, BpfXdpMode)"/>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="mode">How.</param>
    public BpfLink AttachXdp(int interfaceIndex, BpfXdpMode mode = BpfXdpMode.Automatic)
    {
        AttachErrors.RequireType(this, "an interface as XDP", BpfProgramType.Xdp);
        BpfAttr attr = default;
        attr.link_create.target_ifindex = (uint)interfaceIndex;
        attr.link_create.attach_type = (uint)BpfAttachType.Xdp;
        attr.link_create.flags = (uint)mode;
        return CreateLink(ref attr, $"interface {interfaceIndex} as XDP ({mode})", errno => AttachErrors.Xdp(Kernel, errno, interfaceIndex));
    }

    /// <summary>Attaches a socket filter to a socket (SO_ATTACH_BPF); Dispose detaches it if the socket is still open.</summary>
    /// <param name="socket">Descriptor of the socket, which the caller keeps open.</param>
    /// <returns>The attachment. The kernel has no link for it: it ends with the socket.</returns>
    /// <exception cref="BpfException">It is no socket (ENOTSOCK), or the kernel refused.</exception>
    public BpfLink AttachSocketFilter(int socket)
    {
        AttachErrors.RequireType(this, "a socket", BpfProgramType.SocketFilter);
        const int SolSocket = 1;
        const int SoAttachBpf = 50;
        const int SoDetachBpf = 27;
        IBpfKernel kernel = Kernel;
        int fd = _handle.Enter();
        try
        {
            int result = kernel.SetSocketOption(socket, SolSocket, SoAttachBpf, new ReadOnlySpan<byte>(&fd, sizeof(int)));
            if (result < 0)
                throw AttachErrors.Refused(this, result, $"socket {socket}");
        }
        finally
        {
            _handle.Exit();
        }

        return BpfLink.FromAction(kernel, $"{Subject} on socket {socket}", null, () =>
        {
            int none = 0;
            int result = kernel.SetSocketOption(socket, SolSocket, SoDetachBpf, new ReadOnlySpan<byte>(&none, sizeof(int)));

            // Closed meanwhile, or the filter was taken off by someone else: it is detached.
            return result is -(int)BpfErrno.EBADF or -(int)BpfErrno.ENOENT or -(int)BpfErrno.ENOTSOCK ? 0 : result;
        });
    }

    /// <inheritdoc cref="AttachSocketFilter(int)"/>
    /// <param name="socket">The socket, which the caller keeps open.</param>
    public BpfLink AttachSocketFilter(System.Net.Sockets.Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return AttachSocketFilter((int)socket.Handle);
    }

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
            : throw AttachErrors.Refused(this, fd, target, remedy?.Invoke((BpfErrno)(-fd)));
    }

    private BpfLink OpenRawTracepoint(string? name, ulong cookie, string target)
    {
        byte[] bytes = name is null ? [] : [.. System.Text.Encoding.UTF8.GetBytes(name), 0];
        int fd;
        fixed (byte* pointer = bytes)
        {
            BpfAttr attr = default;
            attr.raw_tracepoint.name = (ulong)pointer;
            attr.raw_tracepoint.cookie = cookie;
            attr.raw_tracepoint.prog_fd = (uint)_handle.Enter();
            try
            {
                fd = Kernel.Bpf(BpfCommand.RawTracepointOpen, ref attr, (uint)sizeof(bpf_attr_raw_tracepoint));
            }
            finally
            {
                _handle.Exit();
            }
        }

        return fd >= 0
            ? BpfLink.FromDescriptor(Kernel, fd, $"{Subject} on {target}")
            : throw AttachErrors.Refused(this, fd, target, fd == -(int)BpfErrno.ENOENT && name is not null ? "The kernel has no such raw tracepoint." : null);
    }
}
