using System.Diagnostics;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>epoll over ring buffers and perf events: level-triggered, woken when a producer says so.</summary>
internal sealed class EmulatedWaiter(EmulatedKernel kernel) : IKernelWaiter
{
    private readonly object _lock = new();
    private readonly Dictionary<int, (KernelFile File, uint Token)> _files = [];
    private bool _woken;
    private bool _disposed;
    private ulong _signals;

    /// <inheritdoc/>
    public int Add(int fd, uint token)
    {
        EpochSlot slot = kernel.Gate.Enter();
        try
        {
            if (kernel.FindFile(fd) is not { } file)
                return -Errno.EBADF;
            if (!file.Object.CanBeWaitedFor)
                return -Errno.EPERM; // epoll_ctl(2) of a file without poll
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_files.TryGetValue(fd, out (KernelFile File, uint Token) known))
                {
                    if (ReferenceEquals(known.File, file))
                        return -Errno.EEXIST;
                    known.File.Object.Signalled -= Signal; // was closed, and its number is another's now
                }

                _files[fd] = (file, token);
            }

            file.Object.Signalled += Signal;
            return 0;
        }
        finally
        {
            kernel.Gate.Exit(slot);
        }
    }

    /// <inheritdoc/>
    public int Remove(int fd)
    {
        (KernelFile File, uint Token) entry;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_files.Remove(fd, out entry))
                return kernel.FindFile(fd) is null ? -Errno.EBADF : -Errno.ENOENT;
        }

        entry.File.Object.Signalled -= Signal;
        return 0;
    }

    /// <inheritdoc/>
    public int Wait(Span<uint> tokens, int timeoutMilliseconds)
    {
        long deadline = timeoutMilliseconds > 0 ? Stopwatch.GetTimestamp() + (timeoutMilliseconds * (Stopwatch.Frequency / 1000)) : 0;
        lock (_lock)
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                int count = Collect(tokens);
                if (count > 0 || _woken)
                {
                    _woken = false;
                    return count;
                }

                if (timeoutMilliseconds == 0)
                    return 0;
                int left = Timeout.Infinite;
                if (timeoutMilliseconds > 0)
                {
                    left = (int)((deadline - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency);
                    if (left <= 0)
                        return 0;
                }

                // As epoll: sleep until a producer signals; data committed without a wake-up does not end the sleep.
                ulong seen = _signals;
                while (_signals == seen && !_woken && !_disposed)
                {
                    if (!Monitor.Wait(_lock, left))
                        return Collect(tokens);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        lock (_lock)
        {
            _woken = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        List<KernelFile> files;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            files = [.. _files.Values.Select(entry => entry.File)];
            _files.Clear();
            Monitor.PulseAll(_lock);
        }

        files.ForEach(file => file.Object.Signalled -= Signal);
    }

    private int Collect(Span<uint> tokens)
    {
        int count = 0;
        foreach ((int fd, (KernelFile file, uint token)) in _files)
        {
            if (count == tokens.Length)
                break;

            // A closed descriptor leaves epoll by itself.
            if (ReferenceEquals(kernel.FindFile(fd), file) && file.Object.IsReadable)
                tokens[count++] = token;
        }

        return count;
    }

    private void Signal()
    {
        lock (_lock)
        {
            _signals++;
            Monitor.PulseAll(_lock);
        }
    }
}
