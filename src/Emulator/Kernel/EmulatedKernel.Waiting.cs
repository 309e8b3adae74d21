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
    public int OpenPerfEvent(ref byte attr, int processId, int cpu, int groupFd, uint flags) => -Errno.EOPNOTSUPP;

    /// <inheritdoc/>
    public int ControlPerfEvent(int fd, uint request, ulong argument) => FindFile(fd) is null ? -Errno.EBADF : -Errno.ENOTTY;
}
