using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// An attachment of a program. Whoever asked for it owns it: Dispose detaches. A link that the garbage collector finds
/// undisposed is detached too, with a warning in the log; <see cref="Release"/> or <see cref="Pin"/> leave a program
/// attached on purpose.
/// </summary>
public sealed unsafe class BpfLink : IDisposable
{
    private readonly KernelHandle? _handle;
    private readonly KernelHandle? _event;
    private readonly KernelHandle? _program;
    private readonly Func<int>? _detach;
    private int _ended;

    private BpfLink(IBpfKernel kernel, string description, KernelHandle? handle, KernelHandle? perfEvent, KernelHandle? program, Func<int>? detach)
    {
        Kernel = kernel;
        Description = description;
        _handle = handle;
        _event = perfEvent;
        _program = program;
        _detach = detach;
    }

    /// <summary>Warns if nobody detached the link on purpose.</summary>
    ~BpfLink()
    {
        // A constructor that threw leaves no kernel behind.
        if (Kernel is null || Volatile.Read(ref _ended) != 0)
            return;
        _detach?.Invoke();
        BpfLogging.Links.LinkCollected(Description);
    }

    /// <summary>The kernel it is on.</summary>
    public IBpfKernel Kernel { get; }

    /// <summary>What is attached where, for messages: "program 'count' on raw tracepoint 'sys_enter'".</summary>
    public string Description { get; }

    /// <summary>True until the link is disposed of, detached or released.</summary>
    public bool IsAttached => Volatile.Read(ref _ended) == 0;

    /// <summary>Where it is pinned through this object, or null.</summary>
    public string? PinPath { get; private set; }

    /// <summary>
    /// The link's descriptor, or -1 for an attachment that the kernel has no link for (a socket filter, a program on a
    /// perf event of a kernel before 5.15). It stays this object's and must not be closed.
    /// </summary>
    public int FileDescriptor => _handle?.DangerousFd ?? -1;

    /// <summary>The kernel's link, or null for an attachment that it has no link for.</summary>
    internal KernelHandle? KernelLink => _handle;

    /// <summary>Number of the link in the whole system; 0 for an attachment that the kernel has no link for.</summary>
    public uint Id => _handle is null ? 0 : GetInfo().Id;

    /// <summary>Opens a pinned link.</summary>
    /// <param name="path">Path of the pin.</param>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The link. Disposing of it does not detach while it stays pinned.</returns>
    /// <exception cref="BpfException">There is no such pin (ENOENT), or it is that of a map or program (EINVAL).</exception>
    public static BpfLink OpenPinned(string path, IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        return FromPin(kernel, KernelPins.Open(kernel, path, KernelObjectKind.Link), path);
    }

    /// <summary>Opens a link by its number.</summary>
    /// <param name="id">The number.</param>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>
    /// The link. It holds the attachment like its owner does: the program stays attached until both have disposed of it;
    /// <see cref="Detach"/> detaches at once.
    /// </returns>
    /// <exception cref="BpfException">There is no such link (ENOENT), or a privilege is missing (CAP_SYS_ADMIN).</exception>
    public static BpfLink OpenById(uint id, IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        return FromDescriptor(kernel, KernelObjectKind.Link.Open(kernel, id), $"link {id}");
    }

    /// <summary>Numbers of all links of a kernel, in ascending order.</summary>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The numbers, asked for as they are read.</returns>
    /// <exception cref="BpfException">A privilege is missing (CAP_SYS_ADMIN).</exception>
    public static IEnumerable<uint> EnumerateIds(IBpfKernel? kernel = null) => KernelObjectKind.Link.EnumerateIds(kernel ?? BpfKernel.Default);

    /// <summary>What the kernel tells of all its links, in ascending order of their numbers; those that end meanwhile are left out.</summary>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The kernel's answers, asked for as they are read.</returns>
    public static IEnumerable<BpfLinkInfo> Enumerate(IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        foreach (uint id in EnumerateIds(kernel))
        {
            if (KernelObjectKind.Link.TryOpen(kernel, id, out int fd))
            {
                using (BpfLink link = FromDescriptor(kernel, fd, $"link {id}"))
                    yield return link.GetInfo();
            }
        }
    }

    /// <summary>
    /// Takes a link over by its descriptor: one that <see cref="Release"/> gave, or that another process passed.
    /// </summary>
    /// <param name="fileDescriptor">The descriptor, which the link owns from now on.</param>
    /// <param name="kernel">The kernel; null for the default.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">The descriptor is not open (EBADF), or not that of a link (EINVAL); it stays the caller's then.</exception>
    public static BpfLink FromFileDescriptor(int fileDescriptor, IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        int known = RequireLink(kernel, fileDescriptor);
        if (known < 0)
            KernelErrors.Throw(known, kernel, "taking over a link", $"descriptor {fileDescriptor}", known == -(int)BpfErrno.EINVAL ? "It is not the descriptor of a link." : null);
        return FromDescriptor(kernel, fileDescriptor, $"link of descriptor {fileDescriptor}");
    }

    /// <summary>A link over a descriptor, which it owns from now on.</summary>
    internal static BpfLink FromDescriptor(IBpfKernel kernel, int fd, string description) =>
        new(kernel, description, new KernelHandle(kernel, fd, description), null, null, null);

    /// <summary>A link over a descriptor that was opened from a pin.</summary>
    internal static BpfLink FromPin(IBpfKernel kernel, int fd, string path)
    {
        BpfLink link = FromDescriptor(kernel, fd, $"link pinned at '{path}'");
        link.PinPath = path;
        return link;
    }

    /// <summary>A link and the perf event it attaches to, which lives as long.</summary>
    internal static BpfLink FromPerfEvent(IBpfKernel kernel, KernelHandle? link, KernelHandle perfEvent, string description) =>
        new(kernel, description, link, perfEvent, null, null);

    /// <summary>An attachment without a link in the kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="description">What is attached where.</param>
    /// <param name="program">A descriptor of the program that the detaching needs; owned from now on. Null if none is needed.</param>
    /// <param name="detach">Detaches; 0 or -errno.</param>
    internal static BpfLink FromAction(IBpfKernel kernel, string description, KernelHandle? program, Func<int> detach) =>
        new(kernel, description, null, null, program, detach);

    /// <summary>What the kernel tells of the link; each kind has a type of its own, such as <see cref="BpfXdpLinkInfo"/>.</summary>
    /// <returns>The kernel's answer of this moment.</returns>
    /// <exception cref="BpfException">The kernel has no link for this attachment.</exception>
    public BpfLinkInfo GetInfo()
    {
        KernelHandle handle = Handle("asking for the link's information");
        return LinkInfoReader.Read(Kernel, handle, Description);
    }

    /// <summary>Replaces the program, without a moment in which none is attached.</summary>
    /// <param name="program">The new program.</param>
    /// <param name="expected">If given, replace only while this is the one attached.</param>
    /// <exception cref="BpfException">The kernel refused: EPERM if another program is attached than expected, EINVAL for kinds of links that cannot be updated.</exception>
    public void Update(BpfProgram program, BpfProgram? expected = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        KernelHandle handle = Handle("updating");
        program.Handle.RequireKernel(Kernel);
        expected?.Handle.RequireKernel(Kernel);
        BpfAttr attr = default;
        attr.link_update.link_fd = (uint)handle.Enter();
        try
        {
            attr.link_update.new_prog_fd = (uint)program.Handle.DangerousFd;
            if (expected is not null)
            {
                attr.link_update.old_prog_fd = (uint)expected.Handle.DangerousFd;
                attr.link_update.flags = 1u << 2; // BPF_F_REPLACE
            }

            int result = Kernel.Bpf(BpfCommand.LinkUpdate, ref attr, BpfAttr.ByteSize);
            if (result < 0)
            {
                string? remedy = (BpfErrno)(-result) switch
                {
                    BpfErrno.EPERM when expected is not null => $"Another program than '{expected.Name}' is attached.",
                    BpfErrno.EINVAL => "Links of this kind cannot be updated, or the program is of another type or attach type than the one attached.",
                    BpfErrno.ENOLINK => "The link was detached, or what it was attached to is gone.",
                    BpfErrno.EEXIST => "The program is attached there already.",
                    _ => null,
                };
                KernelErrors.Throw(result, Kernel, $"updating the link to program '{program.Name}'", Description, remedy);
            }
        }
        finally
        {
            handle.Exit();
            GC.KeepAlive(program);
            GC.KeepAlive(expected);
        }
    }

    /// <summary>Pins the link: the attachment then outlives this object and the process.</summary>
    /// <param name="path">Path in a mounted bpffs (on the emulator any path).</param>
    /// <exception cref="BpfException">The kernel refused; the message says what to do where bpffs is not mounted.</exception>
    public void Pin(string path)
    {
        KernelPins.Pin(Handle("pinning"), path, Description);
        PinPath = path;
    }

    /// <summary>Removes the pin made by <see cref="Pin"/>, or the one the link was opened from.</summary>
    /// <exception cref="InvalidOperationException">The link is not pinned through this object.</exception>
    public void Unpin()
    {
        string path = PinPath ?? throw new InvalidOperationException($"{Description} is not pinned through this object.");
        KernelPins.Remove(Kernel, path, Description);
        PinPath = null;
    }

    /// <summary>
    /// Detaches now, also where the link is pinned or held elsewhere (BPF_LINK_DETACH, 5.9), and disposes of this object.
    /// Kinds of links that cannot be forced are detached by closing.
    /// </summary>
    /// <exception cref="BpfException">The link is pinned and of a kind that the kernel cannot detach by force, or detaching failed.</exception>
    public void Detach()
    {
        ObjectDisposedException.ThrowIf(!IsAttached, this);
        if (_handle is not null)
        {
            BpfAttr attr = default;
            attr.link_detach.link_fd = (uint)_handle.Enter();
            int result = Kernel.Bpf(BpfCommand.LinkDetach, ref attr, BpfAttr.ByteSize);
            _handle.Exit();
            bool closes = result is -(int)BpfErrno.EOPNOTSUPP or -(int)BpfErrno.ENOTSUPP or -(int)BpfErrno.EINVAL;
            if (closes && PinPath is not null)
                KernelErrors.Throw(result, Kernel, "detaching by force", Description, $"It is pinned at '{PinPath}': remove the pin with {nameof(Unpin)}() first.");
            if (result < 0 && !closes)
                KernelErrors.Throw(result, Kernel, "BPF_LINK_DETACH", Description);
        }

        int ended = End();
        if (ended < 0)
            KernelErrors.Throw(ended, Kernel, "detaching", Description);
    }

    /// <summary>
    /// Leaves the program attached when this object goes. Where the kernel keeps an attachment only while a descriptor
    /// is open, that is until the process ends.
    /// </summary>
    /// <returns>The link's descriptor, which stays open and is the caller's; -1 if the kernel has no link for this attachment.</returns>
    public int Release()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Exchange(ref _ended, 1) != 0, this);
        _event?.Release();
        _program?.Dispose();
        return _handle?.Release() ?? -1;
    }

    /// <summary>Detaches, unless the link is pinned: then the pin keeps it attached. Does nothing the second time.</summary>
    public void Dispose()
    {
        int result = End();
        GC.SuppressFinalize(this);
        if (result < 0)
            BpfLogging.Links.LinkDetachFailed(Description, BpfErrnoText.Describe((BpfErrno)(-result)));
    }

    /// <inheritdoc/>
    public override string ToString() => Description;

    /// <summary>0 for a link's descriptor, else -errno.</summary>
    private static int RequireLink(IBpfKernel kernel, int fd)
    {
        bpf_link_info info = default;
        BpfAttr attr = default;
        attr.info.bpf_fd = (uint)fd;
        attr.info.info_len = 4;
        attr.info.info = (ulong)&info;
        int open = kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, BpfAttr.ByteSize);
        return open < 0 ? open : KernelObjectKind.IsLink(kernel, fd) ? 0 : -(int)BpfErrno.EINVAL;
    }

    private int End()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return 0;
        int result = _detach?.Invoke() ?? 0;
        _handle?.Dispose();
        _event?.Dispose();
        _program?.Dispose();
        return result;
    }

    private KernelHandle Handle(string operation)
    {
        ObjectDisposedException.ThrowIf(!IsAttached, this);
        return _handle ?? throw new BpfException(BpfErrno.EOPNOTSUPP, operation, Description, "The kernel has no link for this kind of attachment.");
    }
}
