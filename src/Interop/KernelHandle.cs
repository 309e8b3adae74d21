using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Interop;

/// <summary>
/// Owns one descriptor of one kernel. Calls that use the descriptor are bracketed by <see cref="Enter"/> and
/// <see cref="Exit"/>; Dispose refuses new calls, waits for those in flight and then closes, so that a call never
/// meets a descriptor number that has become somebody else's.
/// </summary>
internal sealed class KernelHandle : IDisposable
{
    private const int Closing = int.MinValue;
    private readonly int _fd;
    private readonly string _owner;
    private int _state; // calls in flight; the sign bit says "closing"
    private int _closed;

    /// <summary>Takes ownership of a descriptor.</summary>
    /// <param name="kernel">The kernel whose descriptor it is.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="owner">Name for ObjectDisposedException, such as "map 'counts'".</param>
    public KernelHandle(IBpfKernel kernel, int fd, string owner)
    {
        Debug.Assert(fd >= 0);
        Kernel = kernel;
        _fd = fd;
        _owner = owner;
    }

    ~KernelHandle() => Close();

    public IBpfKernel Kernel { get; }

    public bool IsDisposed => Volatile.Read(ref _state) < 0;

    /// <summary>Begins a call and gives the descriptor, valid until <see cref="Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed of.</exception>
    public int Enter()
    {
        if (Interlocked.Increment(ref _state) < 0)
        {
            Interlocked.Decrement(ref _state);
            ThrowDisposed();
        }

        return _fd;
    }

    /// <summary>Ends a call.</summary>
    public void Exit() => Interlocked.Decrement(ref _state);

    /// <summary>
    /// As <see cref="Enter"/>, for the hot paths: marks the call in the thread's own slot. Only for calls that end on the
    /// thread that began them.
    /// </summary>
    /// <param name="slot">To be given to <see cref="ExitCall"/>.</param>
    /// <exception cref="ObjectDisposedException">The owner was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EnterCall(out CallSlot? slot)
    {
        CallSlot mine = CallSlot.Mine;
        if (mine.Handle is null)
        {
            Volatile.Write(ref mine.Handle, this);
            // The processor may read the state before others see the slot. Dispose makes up for it: it sets the state,
            // has all threads pass a barrier, and only then looks for slots; so either it sees this one, or this sees it.
            if (Volatile.Read(ref _state) >= 0)
            {
                slot = mine;
                return _fd;
            }

            mine.Handle = null;
        }

        // Within another call of this thread (an emulated program's, say), or disposed of.
        slot = null;
        return Enter();
    }

    /// <summary>Ends a call that <see cref="EnterCall"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ExitCall(CallSlot? slot)
    {
        if (slot is not null)
            Volatile.Write(ref slot.Handle, null);
        else
            Exit();
    }

    /// <summary>The descriptor for a caller that keeps the owner alive by other means (an attribute of a longer command).</summary>
    public int DangerousFd
    {
        get
        {
            if (IsDisposed)
                ThrowDisposed();
            return _fd;
        }
    }

    /// <summary>Throws if a handle of another kernel is about to be used with <paramref name="kernel"/>.</summary>
    public void RequireKernel(IBpfKernel kernel)
    {
        if (!ReferenceEquals(kernel, Kernel))
            throw new ArgumentException($"{_owner} belongs to {Kernel.Name} and cannot be used with {kernel.Name}. Make both on the same kernel.");
    }

    /// <summary>A second owner of the same kernel object.</summary>
    public KernelHandle Duplicate()
    {
        int fd = Enter();
        try
        {
            int copy = KernelErrors.Check(Kernel.Duplicate(fd), Kernel, "duplicating the descriptor", _owner);
            return new KernelHandle(Kernel, copy, _owner);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Gives the descriptor up: it stays open, and nobody closes it any more.</summary>
    /// <returns>The descriptor.</returns>
    public int Release()
    {
        int fd = DangerousFd;
        Interlocked.Exchange(ref _closed, 1);
        Dispose();
        return fd;
    }

    public void Dispose()
    {
        int state;
        do
        {
            state = Volatile.Read(ref _state);
            if (state < 0)
                return;
        }
        while (Interlocked.CompareExchange(ref _state, state | Closing, state) != state);

        // Calls in flight are system calls of microseconds; nothing that blocks for long holds the bracket.
        var spin = new SpinWait();
        while ((Volatile.Read(ref _state) & int.MaxValue) != 0)
            spin.SpinOnce();
        Interlocked.MemoryBarrierProcessWide();
        while (CallSlot.IsInUse(this))
            spin.SpinOnce();
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            Kernel?.Close(_fd);
    }

    private void ThrowDisposed() => throw new ObjectDisposedException(_owner, $"{_owner} was disposed of. Use it before Dispose, or keep its owner alive.");
}
