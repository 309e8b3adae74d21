using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>epoll with an eventfd for the wake-up.</summary>
internal sealed unsafe class LinuxWaiter : IKernelWaiter
{
    private const uint WakeToken = uint.MaxValue;
    private const int MaxEvents = 64;

    // struct epoll_event is packed on x86 only.
    private static readonly int s_eventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private readonly KernelHandle _epoll;
    private readonly KernelHandle _wake;
    private volatile bool _isClosing;

    private LinuxWaiter(LinuxKernel kernel, int epoll, int wake)
    {
        _epoll = new KernelHandle(kernel, epoll, "waiter");
        _wake = new KernelHandle(kernel, wake, "waiter");
    }

    public static int Create(LinuxKernel kernel, out IKernelWaiter? waiter)
    {
        waiter = null;
        int epoll = libc.Errno(libc.epoll_create1(libc.EPOLL_CLOEXEC));
        if (epoll < 0)
            return epoll;
        int wake = libc.Errno(libc.eventfd(0, libc.EFD_CLOEXEC | libc.EFD_NONBLOCK));
        if (wake < 0)
        {
            libc.close(epoll);
            return wake;
        }

        var made = new LinuxWaiter(kernel, epoll, wake);
        int added = made.Control(libc.EPOLL_CTL_ADD, wake, WakeToken);
        if (added < 0)
        {
            made.Dispose();
            return added;
        }

        waiter = made;
        return 0;
    }

    public int Add(int fd, uint token) => Control(libc.EPOLL_CTL_ADD, fd, token);

    public int Remove(int fd) => Control(libc.EPOLL_CTL_DEL, fd, 0);

    public int Wait(Span<uint> tokens, int timeoutMilliseconds)
    {
        byte* events = stackalloc byte[MaxEvents * 16];
        long deadline = timeoutMilliseconds > 0 ? Stopwatch.GetTimestamp() + timeoutMilliseconds * (Stopwatch.Frequency / 1000) : 0;
        int epoll = _epoll.Enter();
        try
        {
            while (true)
            {
                int ready = libc.Errno(libc.epoll_wait(epoll, events, Math.Clamp(tokens.Length + 1, 1, MaxEvents), timeoutMilliseconds));
                if (ready == -libc.EINTR)
                {
                    if (timeoutMilliseconds > 0)
                        timeoutMilliseconds = (int)Math.Max(0, (deadline - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency);
                    continue;
                }

                return ready < 0 ? ready : Collect(events, ready, tokens);
            }
        }
        finally
        {
            _epoll.Exit();
        }
    }

    public void Wake()
    {
        ulong one = 1;
        int wake = _wake.Enter();
        libc.write(wake, (byte*)&one, sizeof(ulong));
        _wake.Exit();
    }

    public void Dispose()
    {
        _isClosing = true;
        if (!_wake.IsDisposed)
            Wake();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private int Collect(byte* events, int ready, Span<uint> tokens)
    {
        int count = 0;
        for (int i = 0; i < ready; i++)
        {
            uint token = *(uint*)(events + i * s_eventSize + (s_eventSize - 8));
            if (token == WakeToken)
            {
                // At the end it stays readable, so that everybody who waits is woken.
                if (_isClosing)
                    continue;
                ulong drained;
                int wake = _wake.Enter();
                libc.read(wake, (byte*)&drained, sizeof(ulong));
                _wake.Exit();
            }
            else if (count < tokens.Length)
            {
                tokens[count++] = token;
            }
        }

        return count;
    }

    private int Control(int operation, int fd, uint token)
    {
        byte* ev = stackalloc byte[16];
        *(uint*)ev = libc.EPOLLIN;
        *(ulong*)(ev + s_eventSize - 8) = token;
        int epoll = _epoll.Enter();
        int result = libc.Errno(libc.epoll_ctl(epoll, operation, fd, ev));
        _epoll.Exit();
        return result;
    }
}
