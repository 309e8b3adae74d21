using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Something that descriptors, pins and other objects refer to: a map, a program, a link, BTF. It is born with one
/// reference. When the last one goes it can no longer be found, and is destroyed when no running program or system call
/// can still be using it.
/// </summary>
internal abstract class EmulatedObject(EmulatedKernel kernel)
{
    private int _references = 1;
    private int _userReferences;

    /// <summary>The kernel it belongs to.</summary>
    public EmulatedKernel Kernel { get; } = kernel;

    /// <summary>The word for messages: "map 'counts'", "program 'filter'".</summary>
    public abstract string Description { get; }

    /// <summary>Whether OBJ_PIN takes it (maps, programs and links).</summary>
    public virtual bool CanBePinned => false;

    /// <summary>Whether poll reports it readable; only ring buffers and perf events ever are.</summary>
    public virtual bool IsReadable => false;

    /// <summary>Whether epoll takes it.</summary>
    public virtual bool CanBeWaitedFor => false;

    /// <summary>Raised by a producer that wakes waiters.</summary>
    public event Action? Signalled;

    /// <summary>Wakes waiters.</summary>
    protected void Signal() => Signalled?.Invoke();

    /// <summary>Adds a reference; the caller knows that there is one.</summary>
    public void Acquire() => Interlocked.Increment(ref _references);

    /// <summary>Adds a reference unless the last one is gone.</summary>
    public bool TryAcquire()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
                return true;
            references = seen;
        }

        return false;
    }

    /// <summary>Gives a reference back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        OnUnreferenced();
        Kernel.Gate.Defer(this);
    }

    /// <summary>Counts descriptors and pins (the kernel's usercnt): program arrays are emptied when the last goes.</summary>
    public void AddUser() => Interlocked.Increment(ref _userReferences);

    /// <summary>Takes back what <see cref="AddUser"/> counted.</summary>
    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _userReferences) == 0)
            OnLastUserGone();
    }

    internal void DestroyNow() => Destroy();

    /// <summary>BPF_OBJ_GET_INFO_BY_FD.</summary>
    /// <returns>0 or -errno.</returns>
    public virtual int GetInfo(ref BpfAttr attr) => -Errno.EINVAL;

    /// <summary>read(2).</summary>
    /// <returns>Bytes read or -errno.</returns>
    public virtual int Read(KernelFile file, Span<byte> buffer) => -Errno.EINVAL;

    /// <summary>mmap(2).</summary>
    /// <returns>0 or -errno.</returns>
    public virtual int MapMemory(KernelFile file, MemoryRequest request, out nint address)
    {
        address = 0;
        return -Errno.ENODEV;
    }

    /// <summary>munmap(2) of what <see cref="MapMemory"/> gave.</summary>
    public virtual void OnUnmapped()
    {
    }

    /// <summary>A descriptor's file is gone (release of its last duplicate).</summary>
    public virtual void OnFileClosed(KernelFile file)
    {
    }

    /// <summary>No descriptor and no pin is left, though programs may still use the object.</summary>
    protected virtual void OnLastUserGone()
    {
    }

    /// <summary>No reference is left: take it out of the tables that find it.</summary>
    protected virtual void OnUnreferenced()
    {
    }

    /// <summary>Nobody can be using it any more: free its memory and release what it refers to.</summary>
    protected virtual void Destroy()
    {
    }
}
