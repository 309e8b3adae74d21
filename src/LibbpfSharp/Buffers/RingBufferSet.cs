using System.Diagnostics;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// Several ring buffers behind one wait, each with its handler. One thread reads at a time. The buffers stay their
/// owner's: they are to be disposed of after the set.
/// </summary>
public sealed class RingBufferSet : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IBpfKernel _kernel;
    private readonly IKernelWaiter _waiter;
    private readonly List<(RingBuffer Buffer, RingBufferHandler Handler)> _members = [];
    private volatile bool _disposed;

    /// <summary>Makes an empty set.</summary>
    /// <param name="kernel">The kernel that its buffers are on; null for the default.</param>
    /// <exception cref="BpfException">The kernel gave no waiter.</exception>
    public RingBufferSet(IBpfKernel? kernel = null)
    {
        _kernel = kernel ?? BpfKernel.Default;
        KernelErrors.Check(_kernel.CreateWaiter(out IKernelWaiter? waiter), _kernel, "making a waiter");
        _waiter = waiter!;
    }

    /// <summary>Adds a buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="handler">Called for each of its records; the bytes are valid during the call.</param>
    /// <exception cref="ArgumentException">The buffer is on another kernel, or is in the set.</exception>
    public void Add(RingBuffer buffer, RingBufferHandler handler)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(handler);
        if (!ReferenceEquals(buffer.Kernel, _kernel))
            throw new ArgumentException($"{buffer.Subject} belongs to {buffer.Kernel.Name}; this set waits on {_kernel.Name}.", nameof(buffer));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_members.Exists(m => ReferenceEquals(m.Buffer, buffer)))
                throw new ArgumentException($"{buffer.Subject} is in the set already.", nameof(buffer));
            KernelErrors.Check(_waiter.Add(buffer.MapDescriptor, (uint)_members.Count), _kernel, "adding to a waiter", buffer.Subject);
            _members.Add((buffer, handler));
        }
    }

    /// <summary>Hands all finished records of all buffers to their handlers, in place; does not wait.</summary>
    /// <param name="maxRecords">The most records of each buffer, so that a fast producer starves no other.</param>
    /// <returns>How many records were handed over.</returns>
    public int Consume(int maxRecords = int.MaxValue)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int count = 0;
            foreach ((RingBuffer buffer, RingBufferHandler handler) in _members)
                count += buffer.Consume(handler, maxRecords);
            return count;
        }
    }

    /// <summary>Waits until one of the buffers has a record, the time is over or the wait is cancelled, and hands over what is there.</summary>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maxRecords">The most records of each buffer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were handed over; 0 at the end of the time. Records written without a wake-up are found within 100 ms.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was read.</exception>
    public int Poll(TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static s => ((RingBufferSet)s!).Wake(), this);
        Span<uint> tokens = stackalloc uint[8];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Consume(maxRecords);
            if (count > 0)
                return count;
            int sleep = BufferWait.NextSleep(timeout, start);
            if (sleep == 0)
                return 0;

            int result = _waiter.Wait(tokens, sleep);
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (result < 0)
                KernelErrors.Throw(result, _kernel, "waiting", "ring buffer set");
            if (result > 0)
                Thread.Yield();
        }
    }

    /// <summary>Ends the present wait, or the next one, of another thread: it looks for records and waits on.</summary>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _waiter.Wake();
    }

    /// <summary>Ends waits with <see cref="ObjectDisposedException"/> and waits for the records in hand. The buffers stay open.</summary>
    public void Dispose()
    {
        _disposed = true;
        Wake();
        _waiter.Dispose();
    }

    private void Wake() => BufferWait.Wake(_waiter);
}
