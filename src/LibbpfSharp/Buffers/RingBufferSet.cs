using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>
/// Several ring buffers behind one wait, each with its handler. One thread reads at a time. The buffers stay their
/// owner's; one that is disposed of leaves the set.
/// </summary>
public sealed class RingBufferSet : IDisposable
{
    private const string Subject = "ring buffer set";
    private readonly Lock _lock = new();
    private readonly Lock _membersLock = new();
    private readonly IBpfKernel _kernel;
    private readonly BufferWaiter _waiter;
    private volatile Member[] _members = [];
    private uint _added;
    private bool _isReading;
    private volatile bool _disposed;

    /// <summary>Makes an empty set.</summary>
    /// <param name="kernel">The kernel that its buffers are on; null for the default.</param>
    /// <exception cref="BpfException">The kernel gave no waiter.</exception>
    public RingBufferSet(IBpfKernel? kernel = null)
    {
        _kernel = kernel ?? BpfKernel.Default;
        _waiter = new BufferWaiter(_kernel, Subject);
    }

    /// <summary>Adds a buffer; also from a handler, or while another thread waits.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="handler">Called for each of its records; the bytes are valid during the call.</param>
    /// <exception cref="ArgumentException">The buffer is on another kernel, or is in the set.</exception>
    /// <exception cref="ObjectDisposedException">The set or the buffer was disposed of.</exception>
    public void Add(RingBuffer buffer, RingBufferHandler handler)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(handler);
        Add(buffer, maxRecords => buffer.Consume(handler, maxRecords));
    }

    /// <summary>Adds a buffer whose records are structures; also from a handler, or while another thread waits.</summary>
    /// <typeparam name="T">The structure that the program writes.</typeparam>
    /// <param name="buffer">The buffer.</param>
    /// <param name="handler">Called for each of its records.</param>
    /// <inheritdoc cref="Add(RingBuffer, RingBufferHandler)" path="/exception"/>
    public void Add<T>(RingBuffer buffer, RingBufferHandler<T> handler)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(handler);
        Add(buffer, maxRecords => buffer.Consume(handler, maxRecords));
    }

    /// <summary>Takes a buffer out.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <returns>False if it is not in the set.</returns>
    public bool Remove(RingBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        lock (_membersLock)
        {
            if (!Array.Exists(_members, m => ReferenceEquals(m.Buffer, buffer)))
                return false;
            buffer.Reader.RemoveFrom(_waiter);
            _members = Array.FindAll(_members, m => !ReferenceEquals(m.Buffer, buffer));
            return true;
        }
    }

    /// <summary>Hands all finished records of all buffers to their handlers, in place; does not wait.</summary>
    /// <param name="maxRecords">The most records of each buffer, so that a fast producer starves no other.</param>
    /// <returns>How many records were handed over. What a handler throws surfaces here; its record counts as read, and what was not reached stays.</returns>
    /// <exception cref="InvalidOperationException">A handler of the set is running on this thread.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public int Consume(int maxRecords = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_isReading)
                throw new InvalidOperationException("A handler of the set reads the same set. Return from it first.");
            _isReading = true;
            try
            {
                return ConsumeEach(maxRecords);
            }
            finally
            {
                _isReading = false;
            }
        }
    }

    /// <summary>Waits until a buffer has a record, the time is over, or the wait is flushed or cancelled, and hands over what is there.</summary>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maxRecords">The most records of each buffer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were handed over; 0 at the end of the time or after <see cref="Flush"/>. Records written without a wake-up are found within 100 ms.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was read.</exception>
    /// <exception cref="ObjectDisposedException">The set was disposed of, before or during the wait.</exception>
    public int Poll(TimeSpan timeout, int maxRecords = int.MaxValue, CancellationToken cancellationToken = default)
    {
        BufferWaiter.Check(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        int count = Consume(maxRecords);
        if (count > 0 || timeout == TimeSpan.Zero)
            return count;
        var reading = new Reading(this, maxRecords);
        return _waiter.Poll(ref reading, timeout, cancellationToken);
    }

    /// <summary>Ends the present wait of another thread, or the next one, which returns with what is there.</summary>
    /// <exception cref="ObjectDisposedException">The set was disposed of.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _waiter.Flush();
    }

    /// <summary>Ends waits with <see cref="ObjectDisposedException"/>, and waits for the record in hand. The buffers stay open.</summary>
    public void Dispose()
    {
        _disposed = true;
        _waiter.Dispose();

        // A reading of another thread ends first; one of this thread, whose handler calls this, ends when it returns.
        lock (_lock)
        {
        }

        lock (_membersLock)
        {
            foreach (Member member in _members)
                member.Buffer.Reader.RemoveFrom(_waiter);
            _members = [];
        }
    }

    private int ConsumeEach(int maxRecords)
    {
        int count = 0;
        foreach (Member member in _members)
        {
            if (_disposed)
                break;
            if (member.Buffer.Reader.IsDisposed)
                Forget(member);
            else
                count += Consume(member, maxRecords);
        }

        return count;
    }

    private static int Consume(Member member, int maxRecords)
    {
        try
        {
            return member.Read(maxRecords);
        }
        catch (ObjectDisposedException) when (member.Buffer.Reader.IsDisposed)
        {
            return 0; // between the question and the reading
        }
    }

    private void Add(RingBuffer buffer, Func<int, int> read)
    {
        if (!ReferenceEquals(buffer.Kernel, _kernel))
            throw new ArgumentException($"{buffer.Subject} belongs to {buffer.Kernel.Name}; this set waits on {_kernel.Name}.", nameof(buffer));
        lock (_membersLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Array.Exists(_members, m => ReferenceEquals(m.Buffer, buffer)))
                throw new ArgumentException($"{buffer.Subject} is in the set already.", nameof(buffer));
            buffer.Reader.AddTo(_waiter, _added++);
            _members = [.. _members, new Member(buffer, read)];
        }

        // Whoever waits may find records that came before.
        _waiter.Wake();
    }

    private void Forget(Member member)
    {
        lock (_membersLock)
            _members = Array.FindAll(_members, m => m != member);
    }

    private sealed record Member(RingBuffer Buffer, Func<int, int> Read);

    private readonly struct Reading(RingBufferSet set, int maxRecords) : IBufferReading
    {
        public int Read() => set.Consume(maxRecords);
    }
}
