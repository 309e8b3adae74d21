using System.Text;
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
    /// <exception cref="BpfException">There is no such pin, or it is no link.</exception>
    public static BpfLink OpenPinned(string path, IBpfKernel? kernel = null)
    {
        kernel ??= BpfKernel.Default;
        int fd = Pins.Open(kernel, path);
        BpfLink link = FromDescriptor(kernel, fd, $"link pinned at '{path}'");
        link.PinPath = path;
        try
        {
            link.GetInfo();
        }
        catch (BpfException)
        {
            link.Dispose();
            throw;
        }

        return link;
    }

    /// <summary>A link over a descriptor, which it owns from now on.</summary>
    internal static BpfLink FromDescriptor(IBpfKernel kernel, int fd, string description) =>
        new(kernel, description, new KernelHandle(kernel, fd, description), null, null, null);

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

    /// <summary>What the kernel tells of the link.</summary>
    /// <returns>The kernel's answer of this moment.</returns>
    /// <exception cref="BpfException">The kernel has no link for this attachment.</exception>
    public BpfLinkInfo GetInfo()
    {
        KernelHandle handle = Handle("asking for the link's information");
        bpf_link_info info = default;
        BpfAttr attr = default;
        attr.info.info_len = (uint)sizeof(bpf_link_info);
        attr.info.info = (ulong)&info;
        attr.info.bpf_fd = (uint)handle.Enter();
        try
        {
            KernelErrors.Check(Kernel.Bpf(BpfCommand.ObjGetInfoByFd, ref attr, BpfAttr.ByteSize), Kernel, "BPF_OBJ_GET_INFO_BY_FD", Description);
        }
        finally
        {
            handle.Exit();
        }

        return new BpfLinkInfo((BpfLinkType)info.type, info.id, info.prog_id);
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
                string? remedy = result == -(int)BpfErrno.EPERM && expected is not null ? $"Another program than '{expected.Name}' is attached." : null;
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
        Pins.Pin(Handle("pinning"), path, Description);
        PinPath = path;
    }

    /// <summary>Removes the pin made by <see cref="Pin"/>, or the one the link was opened from.</summary>
    /// <exception cref="InvalidOperationException">The link is not pinned through this object.</exception>
    public void Unpin()
    {
        string path = PinPath ?? throw new InvalidOperationException($"{Description} is not pinned through this object.");
        Pins.Remove(Kernel, path, Description);
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
