using System.Diagnostics;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>How readers of all kinds of buffers wait: in slices, and woken without minding who was disposed of first.</summary>
internal sealed class BufferWaiter : IDisposable
{
    /// <summary>Milliseconds after which records written without a wake-up (BPF_RB_NO_WAKEUP) are looked for, so that none strands.</summary>
    public const int LongestSleep = 100;

    private const int MaxTokens = 8;
    private readonly IBpfKernel _kernel;
    private readonly IKernelWaiter _waiter;
    private readonly string _subject;
    private int _flushes;
    private volatile bool _disposed;

    /// <summary>Makes a waiter with nothing to wait for.</summary>
    /// <param name="kernel">The kernel of the buffers.</param>
    /// <param name="subject">Name for messages, such as "map 'events'".</param>
    public BufferWaiter(IBpfKernel kernel, string subject)
    {
        _kernel = kernel;
        _subject = subject;
        KernelErrors.Check(kernel.CreateWaiter(out IKernelWaiter? waiter), kernel, "making a waiter", subject);
        _waiter = waiter!;
    }

    /// <summary>Adds a descriptor to wait for.</summary>
    public void Add(int fd, uint token) => KernelErrors.Check(_waiter.Add(fd, token), _kernel, "adding to a waiter", _subject);

    /// <summary>Takes a descriptor out, before it is closed.</summary>
    public void Remove(int fd)
    {
        try
        {
            _waiter.Remove(fd);
        }
        catch (ObjectDisposedException)
        {
            // The waiter went first, and the descriptor with it.
        }
    }

    /// <summary>The timeout, if it is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public static void Check(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A wait is not negative; Timeout.InfiniteTimeSpan waits for ever.");
    }

    /// <summary>Reads, waiting until there is something, the time is over, or it is flushed or cancelled.</summary>
    /// <param name="reading">What is repeated. The caller has tried once, and found nothing.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many records were read.</returns>
    public int Poll<TReading>(ref TReading reading, TimeSpan timeout, CancellationToken cancellationToken)
        where TReading : struct, IBufferReading, allows ref struct
    {
        long start = timeout == Timeout.InfiniteTimeSpan ? 0 : Stopwatch.GetTimestamp();
        using CancellationTokenRegistration registration = WakeWhen(cancellationToken);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int sleep = NextSleep(timeout, start);
            if (sleep == 0 || TakeFlush())
                return reading.Read();
            bool isReady = Wait(sleep);
            int count = reading.Read();
            if (count > 0)
            {
                TakeFlush();
                return count;
            }

            // Ready with nothing to hand over means that a record is being written: give its writer the CPU.
            if (isReady)
                Thread.Yield();
        }
    }

    /// <summary>Waits once.</summary>
    /// <param name="milliseconds">The longest time.</param>
    /// <returns>Whether a descriptor is readable.</returns>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of, before or meanwhile.</exception>
    public bool Wait(int milliseconds)
    {
        Span<uint> tokens = stackalloc uint[MaxTokens];
        int result;
        try
        {
            result = _waiter.Wait(tokens, milliseconds);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed();
        }

        if (_disposed)
            throw Disposed();
        return KernelErrors.Check(result, _kernel, "waiting", _subject) > 0;
    }

    /// <summary>Ends the present wait, or the next one.</summary>
    public void Flush()
    {
        Volatile.Write(ref _flushes, 1);
        Wake();
    }

    /// <summary>Has whoever waits look again; nobody does once the waiter was disposed of.</summary>
    public void Wake()
    {
        try
        {
            _waiter.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The buffer went first.
        }
    }

    /// <summary>Has a token wake whoever waits.</summary>
    public CancellationTokenRegistration WakeWhen(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister(static w => ((BufferWaiter)w!).Wake(), this) : default;

    /// <summary>Ends waits with <see cref="ObjectDisposedException"/> and closes.</summary>
    public void Dispose()
    {
        _disposed = true;
        _waiter.Dispose();
    }

    private static int NextSleep(TimeSpan timeout, long start)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return LongestSleep;
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
        return left <= TimeSpan.Zero ? 0 : (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), LongestSleep);
    }

    private bool TakeFlush() => Volatile.Read(ref _flushes) != 0 && Interlocked.Exchange(ref _flushes, 0) != 0;

    private ObjectDisposedException Disposed() => new(_subject, $"The buffer of {_subject} was disposed of.");
}
