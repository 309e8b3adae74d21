namespace LibbpfSharp.Interop;

/// <summary>Waits for several descriptors (epoll) with a wake-up from any thread.</summary>
public interface IKernelWaiter : IDisposable
{
    /// <summary>Adds a descriptor.</summary>
    /// <param name="fd">A ring buffer map or perf event.</param>
    /// <param name="token">Handed back by <see cref="Wait"/>; not uint.MaxValue.</param>
    /// <returns>0 or -errno (EEXIST when it is there already).</returns>
    int Add(int fd, uint token);

    /// <summary>Removes a descriptor.</summary>
    /// <returns>0 or -errno.</returns>
    int Remove(int fd);

    /// <summary>Waits until a descriptor is readable, <see cref="Wake"/> is called or the time is over.</summary>
    /// <param name="tokens">Receives the tokens of readable descriptors.</param>
    /// <param name="timeoutMilliseconds">-1 for ever, 0 to poll.</param>
    /// <returns>How many tokens were written: 0 after a wake-up or at the end of the time, or -errno. EINTR is waited through.</returns>
    int Wait(Span<uint> tokens, int timeoutMilliseconds);

    /// <summary>Ends the present or, if none is running, the next <see cref="Wait"/>.</summary>
    void Wake();
}
