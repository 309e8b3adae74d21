using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <content>Descriptors and what is opened by path.</content>
public sealed unsafe partial class EmulatedKernel
{
    /// <inheritdoc/>
    public int Duplicate(int fd)
    {
        EpochSlot slot = Gate.Enter();
        try
        {
            if (FindFile(fd) is not { } file || !file.Object.TryAcquire())
                return -Errno.EBADF;
            file.AddDescriptor();
            file.Object.Release();
            int copy = fd >= FirstDescriptor ? _descriptors.Add(file) : StandIns.Descriptors.Add(file);
            if (copy < 0)
                file.RemoveDescriptor();
            return copy;
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    /// <inheritdoc/>
    public int Close(int fd)
    {
        // A handle's finalizer may come after Dispose, which closed everything.
        if (IsDisposed)
            return 0;
        if ((fd >= FirstDescriptor ? _descriptors.Remove(fd) : StandIns.Descriptors.Remove(fd)) is not { } file)
            return -Errno.EBADF;
        file.RemoveDescriptor();
        return 0;
    }

    /// <inheritdoc/>
    public int OpenPath(string path) => IsDisposed ? -Errno.EBADF : StandIns.Open(path);

    /// <inheritdoc/>
    public int OpenProcess(int processId) => IsDisposed ? -Errno.EBADF : StandIns.OpenProcess(processId);

    /// <inheritdoc/>
    public int Read(int fd, Span<byte> buffer)
    {
        EpochSlot slot = Gate.Enter();
        try
        {
            return FindFile(fd) is { } file ? file.Object.Read(file, buffer) : -Errno.EBADF;
        }
        finally
        {
            Gate.Exit(slot);
        }
    }

    /// <inheritdoc/>
    public int SetSocketOption(int socket, int level, int option, ReadOnlySpan<byte> value)
    {
        if (FindFile(socket) is not { } file)
            return -Errno.EBADF;
        return file.Object is EmulatedSocket target ? Programs.SetSocketOption(target, level, option, value) : -Errno.ENOTSOCK;
    }

    /// <summary>The open file of a descriptor, or null. The caller is inside the gate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal KernelFile? FindFile(int fd) => fd >= FirstDescriptor ? _descriptors.Find(fd) : StandIns.Descriptors.Find(fd);

    /// <summary>The object behind a descriptor if it is of a kind.</summary>
    /// <returns>0, -EBADF for a descriptor that is not open, -EINVAL for one of another kind.</returns>
    internal int Find<T>(uint fd, out T? found)
        where T : class
    {
        found = null;
        if (FindFile((int)fd) is not { } file)
            return -Errno.EBADF;
        found = file.Object as T;
        return found is null ? -Errno.EINVAL : 0;
    }

    /// <summary>A new descriptor; takes over one reference to the object, also on failure.</summary>
    /// <returns>The descriptor or -EMFILE.</returns>
    internal int OpenDescriptor(EmulatedObject target, bool canRead = true, bool canWrite = true)
    {
        var file = new KernelFile(target, canRead, canWrite);
        int fd = _descriptors.Add(file);
        if (fd < 0)
            file.RemoveDescriptor();
        return fd;
    }
}
