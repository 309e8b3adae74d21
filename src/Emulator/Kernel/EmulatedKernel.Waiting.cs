using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>Waiting and perf events.</content>
public sealed unsafe partial class EmulatedKernel
{
    /// <inheritdoc/>
    public int CreateWaiter(out IKernelWaiter? waiter)
    {
        waiter = new EmulatedWaiter(this);
        return 0;
    }

    /// <inheritdoc/>
    public int OpenPerfEvent(ref byte attr, int processId, int cpu, int groupFd, uint flags) =>
        IsDisposed ? -Errno.EBADF : EmulatedPerfEvent.Open(this, ref attr, processId, cpu);

    /// <inheritdoc/>
    public int ControlPerfEvent(int fd, uint request, ulong argument)
    {
        EpochSlot slot = Gate.Enter();
        try
        {
            if (FindFile(fd) is not { } file)
                return -Errno.EBADF;
            return file.Object is EmulatedPerfEvent perfEvent ? perfEvent.Control(request, argument) : -Errno.ENOTTY;
        }
        finally
        {
            Gate.Exit(slot);
        }
    }
}
